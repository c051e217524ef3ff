"""Rate range test (grows the rate until the loss blows up), restore, then one-cycle training."""

import copy
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def make_model():
    return nn.Sequential(
        nn.Conv1d(1, 8, 5, padding=2),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.AdaptiveMaxPool1d(4),
        nn.Flatten(),
        nn.Linear(32, 3),
    )


def forever(loader):
    while True:
        yield from loader


def range_test(model, loader, criterion, lo=1e-4, hi=2.0, steps=25):
    saved = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), lr=lo, momentum=0.9)
    factor = (hi / lo) ** (1 / (steps - 1))
    rates, losses, smooth = [], [], None
    model.train()
    for _, (x, y) in zip(range(steps), forever(loader)):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        smooth = loss.item() if smooth is None else 0.8 * smooth + 0.2 * loss.item()
        rates.append(optimizer.param_groups[0]["lr"])
        losses.append(smooth)
        if smooth > 3 * min(losses):
            break
        for g in optimizer.param_groups:
            g["lr"] *= factor
    model.load_state_dict(saved)
    return rates[losses.index(min(losses))] / 5


torch.manual_seed(9)
y = torch.randint(0, 3, (240,))
t = torch.arange(32).float()
x = (
    torch.sin((0.3 + 0.4 * y[:, None]) * t + 6.28 * torch.rand(240, 1))
    + 0.3 * torch.randn(240, 32)
).unsqueeze(1)
loader = DataLoader(TensorDataset(x[:192], y[:192]), batch_size=24, shuffle=True)
model, criterion = make_model(), nn.CrossEntropyLoss()
lr = range_test(model, loader, criterion)
print(f"suggested rate {lr:.4f}")
epochs = 4
optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
scheduler = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, lr, epochs=epochs, steps_per_epoch=len(loader)
)
for epoch in range(epochs):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        acc = (model(x[192:]).argmax(1) == y[192:]).float().mean().item()
    print("epoch", epoch, "loss", round(loss.item(), 4), "acc", round(acc, 3))
