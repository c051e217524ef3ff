"""Classify sensor readings; the rate falls when validation stops improving."""

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset


def readings(means, count):
    labels = torch.randint(len(means), (count,))
    return TensorDataset(means[labels] + torch.randn(count, 16), labels)


def train(model, loader, optimizer, criterion):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


@torch.no_grad()
def validate(model, loader):
    model.eval()
    correct = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    return correct / len(loader.dataset)


torch.manual_seed(0)
means = torch.randn(6, 16)
train_loader = DataLoader(readings(means, 256), batch_size=32, shuffle=True)
valid_loader = DataLoader(readings(means, 192), batch_size=64)
model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 6))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
scheduler = ReduceLROnPlateau(optimizer, factor=0.1, patience=1)  # HERE
criterion = nn.CrossEntropyLoss()
for epoch in range(12):
    train(model, train_loader, optimizer, criterion)
    accuracy = validate(model, valid_loader)
    scheduler.step(accuracy)  # HERE
    rate = optimizer.param_groups[0]["lr"]
    print(f"epoch {epoch}: accuracy {accuracy:.3f} next lr {rate:.1e}")
