"""Adversarial training: an inner attack on the input, then one ordinary step."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def pgd(model, x, y, epsilon=0.2, steps=3):
    delta = torch.zeros_like(x, requires_grad=True)
    for _ in range(steps):
        F.cross_entropy(model(x + delta), y).backward()
        with torch.no_grad():
            delta += 0.1 * delta.grad.sign()
            delta.clamp_(-epsilon, epsilon)
        delta.grad.zero_()
    return (x + delta).detach()


torch.manual_seed(0)
means = torch.randn(4, 16)
labels = torch.randint(4, (256,))
data = TensorDataset(means[labels] + 0.7 * torch.randn(256, 16), labels)
loader = DataLoader(data, batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(5):
    total = 0.0
    for x, y in loader:
        attacked = pgd(model, x, y)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(attacked), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: loss under attack {total / len(loader):.4f}")
