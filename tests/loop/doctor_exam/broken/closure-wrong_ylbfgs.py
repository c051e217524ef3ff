"""Fit the parameters of a decay curve with LBFGS."""

import torch
from torch import nn


class Decay(nn.Module):
    def __init__(self):
        super().__init__()
        self.amplitude = nn.Parameter(torch.tensor(1.0))
        self.rate = nn.Parameter(torch.tensor(0.3))
        self.offset = nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return self.amplitude * torch.exp(-self.rate * t) + self.offset


def fit(model, t, observed, rounds=8):
    criterion = nn.MSELoss()
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.2, max_iter=5)

    def closure():  # HERE
        loss = criterion(model(t), observed)
        loss.backward()  # HERE
        return loss

    for i in range(rounds):
        loss = optimizer.step(closure)  # HERE
        print(f"round {i}: {loss.item():.5f}")


torch.manual_seed(0)
t = torch.linspace(0, 5, 60)
observed = 2.5 * torch.exp(-1.2 * t) + 0.4 + 0.05 * torch.randn(60)
model = Decay()
fit(model, t, observed)
print({name: round(p.item(), 3) for name, p in model.named_parameters()})
