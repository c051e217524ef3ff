import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
model = nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=5.0)  # HERE
target = inputs[:, :1] * 3
for step in range(60):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), target)
    loss.backward()
    optimizer.step()
print(loss.item())
