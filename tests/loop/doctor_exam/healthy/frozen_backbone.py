import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
body = nn.Sequential(nn.Linear(8, 24), nn.ReLU())
head = nn.Linear(24, 3)
body.requires_grad_(False)
optimizer = torch.optim.Adam(head.parameters(), lr=0.01)
for step in range(30):
    with torch.no_grad():
        code = body(inputs)
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(head(code), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
