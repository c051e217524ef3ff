import random

import torch
from torch import nn


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(8, 24), nn.ReLU())
        self.heads = nn.ModuleDict(
            {"sum": nn.Linear(24, 1), "sign": nn.Linear(24, 2), "max": nn.Linear(24, 8)}
        )

    def forward(self, x, task):
        return self.heads[task](self.trunk(x))


def sample(task, n=32):
    x = torch.randn(n, 8)
    if task == "sum":
        return x, x.sum(1, keepdim=True)
    return x, (x[:, 0] > 0).long() if task == "sign" else x.argmax(1)


def main():
    torch.manual_seed(0)
    random.seed(0)
    model = MultiTask()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    recent = {}
    for step in range(150):
        task = random.choice(["sum", "sign", "max"])
        x, y = sample(task)
        out = model(x, task)
        fn = nn.functional.mse_loss if task == "sum" else nn.functional.cross_entropy
        loss = fn(out, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        recent[task] = loss.item()
        if step % 50 == 49:
            print(step + 1, {k: round(v, 3) for k, v in sorted(recent.items())})


main()
