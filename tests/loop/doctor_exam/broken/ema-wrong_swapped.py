import copy

import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
targets = inputs[:, :3].tanh().sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 24), nn.Tanh(), nn.Linear(24, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
shadow = copy.deepcopy(model).requires_grad_(False)
decay = 0.99
for step in range(40):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for old, new in zip(shadow.parameters(), model.parameters()):
            old.copy_((1 - decay) * old + decay * new)  # HERE
print(nn.functional.mse_loss(shadow(inputs), targets).item())
