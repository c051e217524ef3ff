"""Denoise vectors, and evaluate a moving average of the weights."""

import copy

import torch
from torch import nn


class EMA:
    def __init__(self, model, decay=0.95):
        self.decay = decay
        self.model = copy.deepcopy(model)
        self.model.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for shadow, live in zip(self.model.parameters(), model.parameters()):  # HERE
            shadow = self.decay * shadow + (1 - self.decay) * live  # HERE


def batch(basis, count=64):
    clean = torch.randn(count, 4) @ basis
    return clean + 0.5 * torch.randn_like(clean), clean


def main():
    torch.manual_seed(0)
    basis = torch.randn(4, 24)
    model = nn.Sequential(nn.Linear(24, 48), nn.ReLU(), nn.Linear(48, 24))
    ema = EMA(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.MSELoss()
    for step in range(1, 201):
        noisy, clean = batch(basis)
        loss = criterion(model(noisy), clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)  # HERE
        if step % 50 == 0:
            with torch.no_grad():
                noisy, clean = batch(basis, 256)
                average = criterion(ema.model(noisy), clean).item()
            print(f"{step}: train {loss.item():.3f} average weights {average:.3f}")


main()
