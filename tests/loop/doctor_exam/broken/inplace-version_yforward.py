"""A gated residual network for a small regression."""

import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.inp = nn.Linear(4, width)
        self.gate = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        h = torch.tanh(self.inp(x))
        gate = torch.sigmoid(self.gate(h))
        h *= gate  # HERE
        return self.out(h)


torch.manual_seed(0)
model = Gated()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
x = torch.randn(128, 4)
y = x.prod(1, keepdim=True)
for step in range(50):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()  # HERE
    optimizer.step()
    if step % 10 == 0:
        print(step, loss.item())
