import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)

    def forward(self, x):
        h = torch.sigmoid(self.up(x))
        h += 0.1  # HERE
        return x + self.down(h)


class Regressor(nn.Module):
    def __init__(self, width=12, depth=3):
        super().__init__()
        self.inp = nn.Linear(2, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(self.blocks(self.inp(x)))


def train(model, steps=40):
    optimizer = torch.optim.NAdam(model.parameters(), lr=2e-3)
    for step in range(steps):
        x = torch.rand(64, 2) * 2 - 1
        y = (x[:, :1] * 3).sin() * x[:, 1:]
        loss = (model(x) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()  # HERE
        optimizer.step()
        if step % 10 == 0:
            print(step, loss.item())


torch.manual_seed(0)
train(Regressor())
