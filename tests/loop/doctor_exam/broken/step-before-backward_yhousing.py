"""House prices from eight features."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=8)
parser.add_argument("--lr", type=float, default=0.05)
args = parser.parse_args()

torch.manual_seed(1)
features = torch.randn(256, 8)
prices = features @ torch.randn(8, 1) + 0.3 * torch.sin(3 * features[:, :1])

model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
loader = DataLoader(TensorDataset(features, prices), batch_size=32, shuffle=True)


def train_one_epoch():
    total, seen = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        optimizer.step()  # HERE
        loss.backward()  # HERE
        total += loss.item() * len(x)
        seen += len(x)
    return total / seen


for epoch in range(args.epochs):
    print(f"epoch {epoch:2d}  mse {train_one_epoch():.4f}")
