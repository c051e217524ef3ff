"""Learn the XOR of two bits among many, with a cosine rate."""

import argparse

import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=24)
parser.add_argument("--batch-size", type=int, default=64)
args = parser.parse_args()


def bits(count=256):
    x = torch.randint(2, (count, 6)).float()
    y = (x[:, 0] != x[:, 3]).float().unsqueeze(1)
    return TensorDataset(x * 2 - 1, y)


torch.manual_seed(0)
loader = DataLoader(bits(), batch_size=args.batch_size, shuffle=True)
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scheduler = CosineAnnealingLR(optimizer, T_max=10)  # HERE
criterion = nn.BCEWithLogitsLoss()
for epoch in range(args.epochs):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    rate = scheduler.get_last_lr()[0]
    scheduler.step()  # HERE
    print(f"epoch {epoch:2d} lr {rate:.4f} loss {total / len(loader):.4f}")
