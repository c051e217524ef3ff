"""Two tasks taking turns over a shared trunk: a dense and a sparse optimizer, some heads idle, a curriculum."""

import itertools
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Shared(nn.Module):
    def __init__(self, words=40, dim=12):
        super().__init__()
        self.words = nn.Embedding(words, dim, sparse=True)
        self.trunk = nn.Sequential(nn.Linear(dim, 24), nn.ReLU())
        self.heads = nn.ModuleDict(
            {"topic": nn.Linear(24, 4), "score": nn.Linear(24, 1)}
        )

    def forward(self, tokens, task):
        return self.heads[task](self.trunk(self.words(tokens).mean(1)))


def task_loss(task, out, y):
    return F.cross_entropy(out, y) if task == "topic" else F.mse_loss(out.squeeze(1), y)


torch.manual_seed(8)
tokens = torch.randint(0, 40, (192, 8))
topic = (tokens < 10).sum(1).clamp(max=3)
score = tokens.float().mean(1) / 10 - 2
order = tokens.float().std(1).argsort()
model = Shared()
dense = torch.optim.Adam(
    itertools.chain(model.trunk.parameters(), model.heads.parameters()), lr=5e-3
)
sparse = torch.optim.SparseAdam(list(model.words.parameters()), lr=2e-2)
for epoch in range(4):
    keep = order[: 96 + 32 * epoch]
    loaders = {
        "topic": DataLoader(TensorDataset(tokens[keep], topic[keep]), 16, shuffle=True),
        "score": DataLoader(TensorDataset(tokens[keep], score[keep]), 16, shuffle=True),
    }
    model.train()
    sums = {"topic": 0.0, "score": 0.0}
    for batches in zip(*loaders.values()):
        for task, (x, y) in zip(loaders, batches):
            loss = task_loss(task, model(x, task), y)
            loss.backward()
            dense.step()
            sparse.step()
            dense.zero_grad(set_to_none=True)
            sparse.zero_grad(set_to_none=True)
            sums[task] += loss.item() / len(loaders[task])
    print(epoch, len(keep), {k: round(v, 4) for k, v in sums.items()})
