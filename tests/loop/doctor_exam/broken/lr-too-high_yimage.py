"""Fit a network to one picture: from coordinates to brightness."""

import argparse

import torch
from torch import nn


def coordinates(size):
    line = torch.linspace(-1, 1, size)
    return torch.stack(torch.meshgrid(line, line, indexing="ij"), -1).view(-1, 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=1.0)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--steps", type=int, default=60)
    args = parser.parse_args()

    torch.manual_seed(0)
    points = coordinates(16)
    brightness = 4 * torch.cos(3 * points[:, :1]) * points[:, 1:] + 3
    model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1))
    optimizer = torch.optim.SGD(  # HERE
        model.parameters(),
        lr=args.lr,  # HERE
        momentum=args.momentum,
    )
    criterion = nn.MSELoss()
    for step in range(args.steps):
        loss = criterion(model(points), brightness)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()  # HERE
        if step % 3 == 0:
            print(f"step {step}: loss {loss.item():.4g}")


main()
