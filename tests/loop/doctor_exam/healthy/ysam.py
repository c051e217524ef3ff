"""Sharpness-aware minimisation: two backwards and a climb before every step."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
means = torch.randn(4, 15)
labels = torch.randint(4, (256,))
data = TensorDataset(means[labels] + 0.9 * torch.randn(256, 15), labels)
loader = DataLoader(data, batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(15, 32), nn.ReLU(), nn.Linear(32, 4))
base = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
criterion = nn.CrossEntropyLoss()


@torch.no_grad()
def climb(rho=0.05):
    norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    offsets = [rho * p.grad / (norm + 1e-12) for p in model.parameters()]
    for p, offset in zip(model.parameters(), offsets):
        p.add_(offset)
    return offsets


@torch.no_grad()
def descend(offsets):
    for p, offset in zip(model.parameters(), offsets):
        p.sub_(offset)


for epoch in range(5):
    total = 0.0
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        offsets = climb()
        base.zero_grad()
        criterion(model(x), y).backward()
        descend(offsets)
        base.step()
        base.zero_grad()
        total += loss.item()
    print(f"epoch {epoch}: {total / len(loader):.4f}")
