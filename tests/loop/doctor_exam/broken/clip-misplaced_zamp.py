"""Segment a time series with mixed precision on the CPU and clipping."""

import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def build():
    return nn.Sequential(
        nn.Conv1d(1, 16, 7, padding=3),
        nn.ReLU(),
        nn.Conv1d(16, 16, 7, padding=3),
        nn.ReLU(),
        nn.Conv1d(16, 2, 1),
    )


def steps_and_noise(n, length=64):
    level = (torch.randn(n, 8).repeat_interleave(length // 8, dim=1) > 0).long()
    x = level.float() * 1.5 + torch.randn(n, length)
    return TensorDataset(x.unsqueeze(1), level)


def train_one_epoch(model, loader, optimizer, scaler, max_norm):
    criterion = nn.CrossEntropyLoss()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(x)
        loss = criterion(out.float(), y)
        scaler.scale(loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)  # HERE
        scaler.step(optimizer)
        scaler.update()
        total += loss.item()
    return total / len(loader)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--max-norm", type=float, default=1.0)
    args = parser.parse_args()
    torch.manual_seed(0)
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scaler = torch.amp.GradScaler("cpu")
    loader = DataLoader(steps_and_noise(192), batch_size=16, shuffle=True)
    for epoch in range(args.epochs):
        loss = train_one_epoch(model, loader, optimizer, scaler, args.max_norm)
        print(f"epoch {epoch}: {loss:.4f}")
