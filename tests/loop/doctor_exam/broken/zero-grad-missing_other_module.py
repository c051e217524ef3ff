import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
backbone = nn.Sequential(nn.Linear(8, 24), nn.ReLU())
head = nn.Linear(24, 3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam([*backbone.parameters(), *head.parameters()], lr=0.01)
for step in range(40):
    head.zero_grad()  # HERE
    loss = criterion(head(backbone(inputs)), labels)
    loss.backward()  # HERE
    optimizer.step()
print(loss.item())
