"""Train with a large effective batch on a small machine."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--accumulation-steps", type=int, default=8)
parser.add_argument("--lr", type=float, default=0.2)
parser.add_argument("--epochs", type=int, default=5)
args = parser.parse_args()


def shapes(count=256):
    means = torch.randn(4, 1, 8, 8)
    labels = torch.randint(4, (count,))
    return TensorDataset(means[labels] + torch.randn(count, 1, 8, 8), labels)


torch.manual_seed(0)
loader = DataLoader(shapes(), batch_size=8, shuffle=True)
model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 4))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)

for epoch in range(args.epochs):
    total = 0.0
    optimizer.zero_grad()
    for i, (images, labels) in enumerate(loader):
        loss = criterion(model(images), labels)  # HERE
        loss.backward()  # HERE
        total += loss.item()
        if (i + 1) % args.accumulation_steps == 0:
            optimizer.step()  # HERE
            optimizer.zero_grad()
    print(f"epoch {epoch}: {total / len(loader):.4f}")
