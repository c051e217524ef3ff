"""Regression with a predicted variance: gaussian likelihood written out."""

import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class MeanVar(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(dim, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU()
        )
        self.mean = nn.Linear(hidden, 1)
        self.logvar = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.mean(h), self.logvar(h).clamp(-6, 6)


def gaussian_nll(mean, logvar, y):
    squared = (y - mean) ** 2  # HERE
    return 0.5 * (logvar + squared * torch.exp(-logvar)).mean()  # HERE


def houses(n):
    x = torch.rand(n, 3)
    y = 3 * x[:, 0] - 2 * x[:, 1] ** 2 + 0.3 * x[:, 2] * torch.randn(n)
    return TensorDataset(x, y)


def main(args):
    torch.manual_seed(args.seed)
    loader = DataLoader(houses(512), batch_size=args.batch_size, shuffle=True)
    model = MeanVar(3, 32)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            mean, logvar = model(x)
            loss = gaussian_nll(mean, logvar, y)  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} nll {total / len(loader):.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=5e-3)
    parser.add_argument("--seed", type=int, default=0)
    main(parser.parse_args())
