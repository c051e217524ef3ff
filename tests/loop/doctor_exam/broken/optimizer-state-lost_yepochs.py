"""Predict a damped oscillation from its start."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_data(count=320):
    amplitude, phase = torch.rand(count, 1) + 0.5, torch.rand(count, 1) * 2 * math.pi
    t = torch.arange(20.0) * 0.4
    curve = amplitude * torch.exp(-0.1 * t) * torch.sin(t + phase)
    return TensorDataset(curve[:, :10], curve[:, 10:])


def train_epoch(model, loader, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)  # HERE
    total = 0.0
    model.train()
    for past, future in loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(past), future)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(past)
    return total / len(loader.dataset)


def main():
    torch.manual_seed(0)
    loader = DataLoader(make_data(), batch_size=32, shuffle=True)
    model = nn.Sequential(nn.Linear(10, 64), nn.Tanh(), nn.Linear(64, 10))
    for epoch in range(8):
        print(f"epoch {epoch}: {train_epoch(model, loader, 3e-3):.5f}")


if __name__ == "__main__":
    main()
