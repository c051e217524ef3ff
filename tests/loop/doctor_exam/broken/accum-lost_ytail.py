"""Segment-free counting of dots, with gradients accumulated over four batches."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def dots(count):
    number = torch.randint(1, 6, (count,))
    x = 0.1 * torch.randn(count, 30)
    for row, n in enumerate(number.tolist()):
        x[row, torch.randperm(30)[:n]] += 1
    return TensorDataset(x, number.float())


def train_epoch(model, loader, optimizer, accumulate):
    total = 0.0
    for i, (x, y) in enumerate(loader, 1):
        loss = nn.functional.mse_loss(model(x).squeeze(1), y)
        (loss / accumulate).backward()  # HERE
        total += loss.item()
        if i % accumulate == 0:  # HERE
            optimizer.step()  # HERE
            optimizer.zero_grad()
    return total / len(loader)


torch.manual_seed(0)
loader = DataLoader(dots(224), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(8):
    print(f"epoch {epoch}: {train_epoch(model, loader, optimizer, 4):.4f}")
