"""Bag-of-words tagger with functional dropout."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Tagger(nn.Module):
    def __init__(self, vocab=60, dim=32, tags=4, p=0.4):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocab, dim, mode="mean")
        self.hidden = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, tags)
        self.p = p

    def forward(self, words):
        h = F.relu(self.hidden(self.bag(words)))
        h = F.dropout(h, self.p)  # HERE
        return self.out(h)


def corpus(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 4, (n,), generator=g)
    topical = y[:, None] * 15 + torch.randint(0, 15, (n, 6), generator=g)
    other = torch.randint(0, 60, (n, 6), generator=g)
    return TensorDataset(torch.cat([topical, other], 1), y)


def fit_one_epoch(model, loader, optimizer):
    model.train()
    running = 0.0
    for words, tag in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(words), tag)
        loss.backward()
        optimizer.step()
        running += loss.item()
    return running / len(loader)


def score(model, loader):
    model.eval()
    hits = 0
    with torch.inference_mode():
        for words, tag in loader:
            hits += (model(words).argmax(-1) == tag).sum().item()
    return hits / len(loader.dataset)


torch.manual_seed(0)
train_loader = DataLoader(corpus(256, 1), batch_size=32, shuffle=True)
dev_loader = DataLoader(corpus(128, 2), batch_size=64)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    loss = fit_one_epoch(model, train_loader, optimizer)
    print(f"{epoch}: loss {loss:.3f} dev {score(model, dev_loader):.3f}")
