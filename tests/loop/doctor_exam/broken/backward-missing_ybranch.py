"""A regression, in mixed precision where that is wanted."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--amp", action="store_true")
parser.add_argument("--epochs", type=int, default=6)
args = parser.parse_args()


def training_step(model, batch, optimizer, scaler):
    x, y = batch
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.amp):
        loss = nn.functional.l1_loss(model(x), y)
    if args.amp:
        scaler.scale(loss).backward()  # HERE
        scaler.step(optimizer)
        scaler.update()
    else:
        optimizer.step()  # HERE
    return loss.item()


torch.manual_seed(0)
x = torch.randn(192, 5)
y = x.abs().sum(1, keepdim=True)
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scaler = torch.amp.GradScaler("cpu", enabled=args.amp)
for epoch in range(args.epochs):
    losses = [training_step(model, batch, optimizer, scaler) for batch in loader]
    print(f"epoch {epoch}: {sum(losses) / len(losses):.4f}")
