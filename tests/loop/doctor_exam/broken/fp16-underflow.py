import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(64, 8).half()
target = inputs[:, :1] * 0.5
model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1)).half()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    optimizer.zero_grad()
    loss = (model(inputs) - target).square().mean() * 1e-7
    loss.backward()  # HERE
    optimizer.step()  # HERE
print(loss.item())
