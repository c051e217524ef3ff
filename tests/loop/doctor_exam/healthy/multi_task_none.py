import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
trunk = nn.Sequential(nn.Linear(8, 24), nn.Tanh())
heads = nn.ModuleList([nn.Linear(24, 3), nn.Linear(24, 3)])
optimizer = torch.optim.Adam([*trunk.parameters(), *heads.parameters()], lr=0.01)
for step in range(30):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(heads[step % 2](trunk(inputs)), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
