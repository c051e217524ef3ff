"""A linear warm-up, then a cosine, stepped with every batch."""

import math

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset


def warmup_cosine(warmup, total):
    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        progress = min(1.0, (step - warmup) / (total - warmup))
        return 0.5 * (1 + math.cos(math.pi * progress))

    return factor


def main(epochs=6, batch_size=32):
    torch.manual_seed(0)
    x = torch.randn(256, 10)
    y = torch.relu(x @ torch.randn(10, 1))
    loader = DataLoader(TensorDataset(x, y), batch_size, shuffle=True)
    model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    schedule = warmup_cosine(warmup=2000, total=20000)  # HERE
    scheduler = LambdaLR(optimizer, schedule)  # HERE
    for epoch in range(epochs):
        total = 0.0
        for features, target in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(features), target)
            loss.backward()
            optimizer.step()
            scheduler.step()  # HERE
            total += loss.item()
        rate = scheduler.get_last_lr()[0]
        print(f"epoch {epoch}: {total / len(loader):.4f} lr {rate:.1e}")


main()
