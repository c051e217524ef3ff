"""Regress the angle of a rotated arrow, with milestones for the rate."""

import math

import torch
from torch import nn
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader, TensorDataset


def arrows(count=256):
    angle = torch.rand(count, 1) * 2 * math.pi
    tip = torch.cat([torch.cos(angle), torch.sin(angle)], 1)
    view = torch.cat([tip, tip * 0.5], 1) + 0.05 * torch.randn(count, 4)
    return TensorDataset(view @ torch.randn(4, 12), tip)


def train_one_epoch(model, loader, optimizer):
    running = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(x)
    return running / len(loader.dataset)


def main():
    torch.manual_seed(0)
    loader = DataLoader(arrows(), batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(12, 32), nn.Tanh(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    scheduler = MultiStepLR(optimizer, milestones=[1, 6], gamma=0.3)
    for epoch in range(8):
        scheduler.step()  # HERE
        loss = train_one_epoch(model, loader, optimizer)
        print(f"epoch {epoch}: lr {scheduler.get_last_lr()[0]:.1e} loss {loss:.5f}")


main()
