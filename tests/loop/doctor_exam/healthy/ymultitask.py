"""Two tasks in turn: each step leaves the other head's gradients None."""

import torch
import torch.nn.functional as F
from torch import nn


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(10, 32), nn.ReLU())
        self.heads = nn.ModuleDict(
            {"class": nn.Linear(32, 3), "value": nn.Linear(32, 1)}
        )

    def forward(self, x, task):
        return self.heads[task](self.trunk(x))


def batch(means, weights):
    y = torch.randint(3, (32,))
    x = means[y] + 0.7 * torch.randn(32, 10)
    return x, y, x @ weights


torch.manual_seed(0)
means, weights = torch.randn(3, 10), torch.randn(10, 1)
model = MultiTask()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
losses = {"class": [], "value": []}
for step in range(200):
    task = "class" if step % 2 == 0 else "value"
    x, label, value = batch(means, weights)
    out = model(x, task)
    loss = F.cross_entropy(out, label) if task == "class" else F.mse_loss(out, value)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    losses[task].append(loss.item())
    if step % 50 == 49:
        print(step + 1, {k: round(sum(v[-10:]) / 10, 4) for k, v in losses.items()})
