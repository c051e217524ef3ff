"""Training stops after some epochs and resumes from a checkpoint with everything in it."""

import os
import tempfile
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def build():
    model = nn.Sequential(
        nn.Linear(10, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1)
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
    return model, optimizer, scheduler


def save(path, epoch, model, optimizer, scheduler, best):
    torch.save(
        {
            "epoch": epoch,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict(),
            "rng": torch.get_rng_state(),
            "best": best,
        },
        path,
    )


def load(path, model, optimizer, scheduler):
    ck = torch.load(path, weights_only=True)
    model.load_state_dict(ck["model"])
    optimizer.load_state_dict(ck["optimizer"])
    scheduler.load_state_dict(ck["scheduler"])
    torch.set_rng_state(ck["rng"])
    return ck["epoch"] + 1, ck["best"]


def train(path, until, loader, val):
    model, optimizer, scheduler = build()
    start, best = (
        load(path, model, optimizer, scheduler)
        if os.path.exists(path)
        else (0, float("inf"))
    )
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(start, until):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x).squeeze(1), y)
            loss.backward()
            optimizer.step()
        scheduler.step()
        model.eval()
        with torch.no_grad():
            v = criterion(model(val[0]).squeeze(1), val[1]).item()
        best = min(best, v)
        save(path, epoch, model, optimizer, scheduler, best)
        print(
            f"epoch {epoch} train {loss.item():.4f} val {v:.4f} best {best:.4f} lr {scheduler.get_last_lr()[0]:.5f}"
        )


torch.manual_seed(0)
x = torch.randn(240, 10)
y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).float()
loader = DataLoader(TensorDataset(x[:192], y[:192]), batch_size=32, shuffle=True)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "last.pt")
    train(path, 3, loader, (x[192:], y[192:]))
    train(path, 6, loader, (x[192:], y[192:]))
