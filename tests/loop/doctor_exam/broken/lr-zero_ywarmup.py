"""A small regression trained with a warm-up of the rate."""

import argparse

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--warmup-steps", type=int, default=100)
    return parser.parse_args()


def warmup(steps):
    def factor(step):
        return min(1, step // steps)  # HERE

    return factor


def main():
    args = get_args()
    torch.manual_seed(0)
    x = torch.randn(320, 5)
    y = torch.relu(x[:, :1]) - x[:, 1:2] * 0.5
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    scheduler = LambdaLR(optimizer, warmup(args.warmup_steps))  # HERE
    for epoch in range(args.epochs):
        total = 0.0
        for features, target in loader:
            loss = nn.functional.mse_loss(model(features), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()  # HERE
            scheduler.step()  # HERE
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(loader):.5f}")


main()
