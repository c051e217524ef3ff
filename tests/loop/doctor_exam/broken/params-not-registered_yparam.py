"""A mixture of Gaussian bumps with learned centres."""

import torch
from torch import nn


class BumpNet(nn.Module):
    def __init__(self, bumps=6):
        super().__init__()
        self.centres = torch.linspace(-1, 1, bumps).requires_grad_()  # HERE
        self.log_width = torch.zeros(bumps, requires_grad=True)  # HERE
        self.mix = nn.Linear(bumps, 1)

    def forward(self, x):
        distance = (x - self.centres) * torch.exp(self.log_width)
        return self.mix(torch.exp(-(distance**2)))


def train(model, x, y, steps=200):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)  # HERE
    for step in range(steps):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 40 == 0:
            print(f"step {step}: {loss.item():.4f}")


torch.manual_seed(0)
x = torch.linspace(-3, 3, 120).unsqueeze(1)
y = torch.exp(-((x - 1.5) ** 2) * 6) - torch.exp(-((x + 2) ** 2) * 3)
train(BumpNet(), x, y)
