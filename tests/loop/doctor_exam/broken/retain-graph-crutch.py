import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
weights = nn.Linear(8, 16)
head = nn.Linear(16, 3)
optimizer = torch.optim.SGD(head.parameters(), lr=0.01)
state = torch.zeros(24, 16)
for step in range(10):
    x, y = inputs[24 * step : 24 * step + 24], labels[24 * step : 24 * step + 24]
    state = state * 0.9 + weights(x)
    loss = nn.functional.cross_entropy(state[:, :3], y)
    optimizer.zero_grad()
    loss.backward(retain_graph=True)  # HERE
    optimizer.step()
print(loss.item())
