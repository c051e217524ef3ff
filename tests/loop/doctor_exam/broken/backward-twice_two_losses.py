import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
trunk = nn.Sequential(nn.Linear(8, 24), nn.Tanh())
one, two = nn.Linear(24, 3), nn.Linear(24, 1)
optimizer = torch.optim.SGD(
    [*trunk.parameters(), *one.parameters(), *two.parameters()], lr=0.1
)
for step in range(10):
    optimizer.zero_grad()
    hidden = trunk(inputs)
    loss_one = nn.functional.cross_entropy(one(hidden), labels)
    loss_two = two(hidden).square().mean()
    loss_one.backward()
    loss_two.backward()  # HERE
    optimizer.step()
