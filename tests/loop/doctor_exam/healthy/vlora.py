"""LoRA adapters on a frozen MLP; only A and B train, then the weights are merged."""

import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class LoRALinear(nn.Module):
    def __init__(self, base, r=4, alpha=8):
        super().__init__()
        self.base, self.scale = base, alpha / r
        self.base.requires_grad_(False)
        self.A = nn.Parameter(torch.empty(r, base.in_features))
        self.B = nn.Parameter(torch.zeros(base.out_features, r))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))

    def forward(self, x):
        return self.base(x) + self.scale * (x @ self.A.t()) @ self.B.t()

    @torch.no_grad()
    def merge(self):
        self.base.weight += self.scale * self.B @ self.A
        return self.base


def fit(model, data, params, lr, epochs):
    opt = torch.optim.AdamW(params, lr=lr, weight_decay=0.0)
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for x, y in data:
            opt.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
            total += loss.item()
        print("loss", round(total / len(data), 4))


def task(seed):
    g = torch.Generator().manual_seed(seed)
    x, w = torch.randn(224, 12, generator=g), torch.randn(12, 3, generator=g)
    return DataLoader(TensorDataset(x, (x @ w).argmax(1)), 32, shuffle=True)


torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(12, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 3)
)
fit(model, task(1), model.parameters(), 5e-3, 3)
model.requires_grad_(False)
for i in (0, 2, 4):
    model[i] = LoRALinear(model[i])
trainable = [p for p in model.parameters() if p.requires_grad]
print(
    "trainable",
    sum(p.numel() for p in trainable),
    "of",
    sum(p.numel() for p in model.parameters()),
)
fit(model, task(2), trainable, 1e-2, 4)
model.eval()
probe = torch.randn(8, 12)
with torch.no_grad():
    before = model(probe)
    for i in (0, 2, 4):
        model[i] = model[i].merge()
    print("merge error", (model(probe) - before).abs().max().item())
