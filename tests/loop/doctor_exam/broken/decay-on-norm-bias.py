import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(256, 10)
labels = (inputs[:, 0] * inputs[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(10, 32), nn.LayerNorm(32), nn.GELU(), nn.Linear(32, 2))
optimizer = torch.optim.AdamW(  # HERE
    model.parameters(), lr=0.01, weight_decay=0.5
)
for step in range(150):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
print(loss.item(), model[1].weight.mean().item())
