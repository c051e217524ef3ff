import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
body = nn.Sequential(nn.Linear(8, 24), nn.BatchNorm1d(24), nn.ReLU())
head = nn.Linear(24, 3)
model = nn.Sequential(body, head)
for parameter in body.parameters():
    parameter.requires_grad_(False)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    for k in range(10):
        x, y = inputs[24 * k : 24 * k + 24], labels[24 * k : 24 * k + 24]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)  # HERE
        loss.backward()
        optimizer.step()
print(loss.item())
