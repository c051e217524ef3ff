"""Forecast a series in its order: loaders without shuffling, real targets."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Windows(Dataset):
    def __init__(self, series, length=12):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, i):
        return self.series[i : i + self.length], self.series[i + self.length]


torch.manual_seed(0)
t = torch.arange(500.0)
series = torch.sin(t * 0.5) + 0.3 * torch.sin(t * 1.7) + 0.05 * torch.randn(500)
train_loader = DataLoader(Windows(series[:400]), batch_size=32)
valid_loader = DataLoader(Windows(series[400:]), batch_size=88)
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
criterion = nn.MSELoss()
for epoch in range(8):
    for x, y in train_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        valid = sum(criterion(model(x), y).item() for x, y in valid_loader)
    scheduler.step(valid)
    print(f"epoch {epoch}: validation {valid:.4f}")
