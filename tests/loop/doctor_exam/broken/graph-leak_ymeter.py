"""Fit a polynomial surface and keep track of the loss with a meter."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, value, n=1):
        self.sum = self.sum + value * n  # HERE
        self.count += n

    @property
    def avg(self):
        return self.sum / self.count


def train(model, loader, optimizer, meter):
    for x, y in loader:
        loss = nn.functional.smooth_l1_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        meter.update(loss, len(x))  # HERE


def main():
    torch.manual_seed(0)
    x = torch.rand(600, 2) * 2 - 1
    y = (x[:, :1] ** 2 - x[:, 1:] * x[:, :1]) * 2
    loader = DataLoader(TensorDataset(x, y), batch_size=20, shuffle=True)
    model = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    meter = AverageMeter()
    for epoch in range(8):
        train(model, loader, optimizer, meter)
        print(f"epoch {epoch}: average loss so far {float(meter.avg):.4f}")


main()
