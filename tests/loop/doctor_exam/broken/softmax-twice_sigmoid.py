import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
targets = (labels > 0).float()[:, None]
for step in range(30):
    optimizer.zero_grad()
    probability = torch.sigmoid(model(inputs))  # HERE
    loss = criterion(probability, targets)  # HERE
    loss.backward()
    optimizer.step()
print(loss.item())
