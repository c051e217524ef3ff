"""Dropout stays on at test time on purpose: Monte Carlo uncertainty."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, p=0.1):
        super().__init__()
        self.fc1 = nn.Linear(1, 48)
        self.bn = nn.BatchNorm1d(48)
        self.drop = nn.Dropout(p)
        self.fc2 = nn.Linear(48, 1)

    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.bn(self.fc1(x)))))


def enable_dropout(model):
    for m in model.modules():
        if isinstance(m, nn.Dropout):
            m.train()


@torch.no_grad()
def predict(model, x, samples=10):
    model.eval()
    enable_dropout(model)
    draws = torch.stack([model(x) for _ in range(samples)])
    return draws.mean(0), draws.std(0)


def train_epoch(model, loader, optimizer, criterion):
    model.train()
    total, seen = 0.0, 0
    for x, y in loader:
        pred = model(x)
        loss = criterion(pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * x.size(0)
        seen += x.size(0)
    return total / seen


def main():
    torch.manual_seed(0)
    x = torch.cat([torch.rand(120, 1) - 2, torch.rand(120, 1) + 1])
    y = x**3 / 4 + 0.1 * torch.randn_like(x)
    loader = DataLoader(TensorDataset(x, y), batch_size=24, shuffle=True)
    grid = torch.linspace(-2, 2, 9).unsqueeze(1)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-4)
    for epoch in range(4):
        loss = train_epoch(model, loader, optimizer, nn.MSELoss())
        mean, std = predict(model, grid)
        print(f"epoch {epoch} loss {loss:.4f} std at 0 {std[4].item():.3f}")


if __name__ == "__main__":
    main()
