"""Recognise the phase of a wave, with a one-cycle rate."""

import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 8


def waves(count=256):
    label = torch.randint(4, (count,))
    x = torch.sin(torch.arange(20) * 0.5 + label[:, None] * 1.57)
    return TensorDataset(x + 0.4 * torch.randn(count, 20), label)


torch.manual_seed(0)
loader = DataLoader(waves(), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
scheduler = OneCycleLR(  # HERE
    optimizer,
    max_lr=0.2,
    epochs=EPOCHS,
    steps_per_epoch=len(loader),  # HERE
)
criterion = nn.CrossEntropyLoss()
for epoch in range(EPOCHS):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    scheduler.step()  # HERE
    rate = scheduler.get_last_lr()[0]
    print(f"epoch {epoch}: loss {total / len(loader):.4f} lr {rate:.4f}")
