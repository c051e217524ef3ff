"""Pretrain an encoder on rotations, then fine-tune it on four classes."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def build_model(num_classes):
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(54, num_classes),
    )


def make_optimizer(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def run_epoch(model, loader, optimizer):
    criterion = nn.CrossEntropyLoss()
    total, correct = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
    n = len(loader.dataset)
    return total / n, correct / n


def bars(n, classes):
    y = torch.randint(0, classes, (n,))
    x = 0.3 * torch.randn(n, 1, 8, 8)
    for i, c in enumerate(y.tolist()):
        x[i, 0, 2 * c : 2 * c + 2] += 1.0
    return DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)


if __name__ == "__main__":
    torch.manual_seed(2)
    model = build_model(num_classes=2)
    optimizer = make_optimizer(model, lr=0.02)  # HERE
    for epoch in range(2):
        print("pretrain", epoch, run_epoch(model, bars(256, 2), optimizer))

    model[3] = nn.Linear(54, 4)  # HERE
    for group in optimizer.param_groups:
        group["lr"] = 0.01
    for epoch in range(3):
        print("finetune", epoch, run_epoch(model, bars(256, 4), optimizer))
