"""Two rings of points; training goes on at epoch 20, with a cosine rate."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def rings(count=256):
    label = torch.randint(2, (count,))
    angle, radius = torch.rand(count) * 6.28, 1.0 + label
    x = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], 1)
    return TensorDataset(x + 0.15 * torch.randn(count, 2), label)


def adjust_learning_rate(optimizer, epoch, base, epochs):
    rate = base * 0.5 * (1 + math.cos(math.pi * min(epoch // epochs, 1)))
    for group in optimizer.param_groups:
        group["lr"] = rate  # HERE


torch.manual_seed(0)
loader = DataLoader(rings(), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(2, 24), nn.ReLU(), nn.Linear(24, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
first, epochs = 20, 8
for epoch in range(first, first + epochs):
    adjust_learning_rate(optimizer, epoch, 0.1, epochs)  # HERE
    total = 0.0
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()  # HERE
        total += loss.item()
    print(f"epoch {epoch}: {total / len(loader):.4f}")
