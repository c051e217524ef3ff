import argparse

import torch
from torch import nn


def run_validation(model, loader, criterion):
    model.eval()
    losses = []
    for x, y in loader:
        out = model(x)  # HERE
        losses.append(criterion(out, y))  # HERE
    return sum(losses) / len(losses)


def run_training(model, loader, criterion, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--lr", type=float, default=0.01)
    opts = ap.parse_args()
    torch.manual_seed(0)
    x = torch.randn(360, 7)
    y = (x**2).sum(1, keepdim=True).sqrt()
    full = torch.utils.data.TensorDataset(x, y)
    train_set, val_set = torch.utils.data.random_split(full, [240, 120])
    train_loader = torch.utils.data.DataLoader(train_set, batch_size=20, shuffle=True)
    val_loader = torch.utils.data.DataLoader(val_set, batch_size=20)
    model = nn.Sequential(
        nn.Linear(7, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1)
    )
    criterion = nn.HuberLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=opts.lr)
    for epoch in range(opts.epochs):
        run_training(model, train_loader, criterion, optimizer)
        val = run_validation(model, val_loader, criterion)
        print(f"epoch {epoch}: validation {val.item():.4f}")
