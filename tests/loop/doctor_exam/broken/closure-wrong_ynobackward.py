"""Logistic regression with LBFGS."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(150, 4)
y = (x @ torch.tensor([1.0, -2.0, 0.5, 0.0]) + 0.3 * torch.randn(150) > 0).float()
model = nn.Sequential(nn.Linear(4, 1), nn.Flatten(0))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=10)


def closure():  # HERE
    optimizer.zero_grad()
    loss = criterion(model(x), y)  # HERE
    return loss  # HERE


for epoch in range(6):
    loss = optimizer.step(closure)  # HERE
    print(f"epoch {epoch}: {loss.item():.4f}")
