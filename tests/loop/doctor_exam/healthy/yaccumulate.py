"""Accumulated gradients: the last, smaller group has a factor and a step of its own."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
means = torch.randn(5, 20)
labels = torch.randint(5, (280,))
data = TensorDataset(means[labels] + torch.randn(280, 20), labels)
loader = DataLoader(data, batch_size=20, shuffle=True)
model = nn.Sequential(nn.Linear(20, 40), nn.ReLU(), nn.Linear(40, 5))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
criterion = nn.CrossEntropyLoss()
every = 4
for epoch in range(6):
    total = 0.0
    batches = len(loader)
    for i, (x, y) in enumerate(loader):
        first = i - i % every
        group = min(every, batches - first)
        loss = criterion(model(x), y)
        (loss / group).backward()
        total += loss.item()
        if (i + 1) % every == 0 or i + 1 == batches:
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            optimizer.zero_grad()
    print(f"epoch {epoch}: {total / batches:.4f}")
