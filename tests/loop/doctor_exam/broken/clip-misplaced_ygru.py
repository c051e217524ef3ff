"""Add two marked numbers in a sequence: the adding problem."""

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_


def adding_problem(count, length=4):
    numbers = torch.rand(count, length)
    marks = torch.zeros(count, length)
    for row in marks:
        row[torch.randperm(length)[:2]] = 1
    return torch.stack([numbers, marks], 2), (numbers * marks).sum(1, keepdim=True)


class Adder(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


def train(model, steps=80, clip=0.5):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    criterion = nn.MSELoss()
    for step in range(1, steps + 1):
        x, y = adding_problem(32)
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        clip_grad_norm_(model.parameters(), clip)  # HERE
        if step % 20 == 0:
            print(f"step {step}: mse {loss.item():.4f}")


torch.manual_seed(0)
train(Adder())
