"""Sine regression with early stopping on the validation loss."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class EarlyStopping:
    def __init__(self, patience=5):
        self.patience = patience
        self.best = float("inf")
        self.bad = 0
        self.weights = None

    def __call__(self, value, model):
        if value < self.best:
            self.best, self.bad = value, 0
            self.weights = dict(model.state_dict())  # HERE
        else:
            self.bad += 1
        return self.bad >= self.patience


def validate(model, loader, criterion):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in loader:
            total += criterion(model(x), y).item() * len(x)
    return total / len(loader.dataset)


torch.manual_seed(6)
x = torch.rand(240, 1) * 6 - 3
data = TensorDataset(x, torch.sin(2 * x) + 0.2 * torch.randn_like(x))
train_set, val_set = random_split(data, [160, 80])
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)
val_loader = DataLoader(val_set, batch_size=40)

model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=5e-3)
criterion = nn.MSELoss()
stopper = EarlyStopping()

for epoch in range(12):
    model.train()
    for xb, yb in train_loader:
        optimizer.zero_grad()
        criterion(model(xb), yb).backward()
        optimizer.step()
    val = validate(model, val_loader, criterion)
    print(f"epoch {epoch} val {val:.4f}")
    if stopper(val, model):
        break

model.load_state_dict(stopper.weights)
print("restored", validate(model, val_loader, criterion), "best", stopper.best)
