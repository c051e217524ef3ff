"""Two-tower recommender trained on a smoothed loss."""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class TwoTower(nn.Module):
    def __init__(self, users, items, dim):
        super().__init__()
        self.user = nn.Embedding(users, dim)
        self.item = nn.Embedding(items, dim)
        self.bias = nn.Embedding(items, 1)

    def forward(self, u, i):
        dot = (self.user(u) * self.item(i)).sum(-1)
        return dot + self.bias(i).squeeze(-1)


def make_clicks(users, items, n):
    taste, kind = torch.randn(users, 3), torch.randn(items, 3)
    u, i = torch.randint(users, (n,)), torch.randint(items, (n,))
    click = ((taste[u] * kind[i]).sum(-1) > 0).float()
    return TensorDataset(u, i, click)


parser = argparse.ArgumentParser()
parser.add_argument("--dim", default=8, type=int)
parser.add_argument("--lr", default=0.02, type=float)
parser.add_argument("--smooth", default=0.9, type=float)
opts = parser.parse_args()

torch.manual_seed(8)
loader = DataLoader(make_clicks(50, 80, 1024), batch_size=64, shuffle=True)
model = TwoTower(50, 80, opts.dim)
optimizer = torch.optim.Adam(model.parameters(), lr=opts.lr)

smoothed = None
for epoch in range(2):
    for u, i, click in loader:
        loss = F.binary_cross_entropy_with_logits(model(u, i), click)
        if smoothed is None:
            smoothed = loss
        else:
            smoothed = opts.smooth * smoothed + (1 - opts.smooth) * loss  # HERE
        optimizer.zero_grad()
        smoothed.backward(retain_graph=True)  # HERE
        optimizer.step()
    print("epoch", epoch, "smoothed loss", smoothed.item())
