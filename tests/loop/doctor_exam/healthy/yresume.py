"""Interrupt a run, resume it from a checkpoint, and keep the best weights."""

import copy
import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(320, 6)
y = torch.sin(x[:, :1] * 2) + x[:, 1:2]
train_loader = DataLoader(TensorDataset(x[:256], y[:256]), 32, shuffle=True)
valid_loader = DataLoader(TensorDataset(x[256:], y[256:]), 64)


def build():
    model = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    return model, optimizer, scheduler


def validate(model):
    model.eval()
    with torch.no_grad():
        return sum(
            nn.functional.mse_loss(model(a), b, reduction="sum").item()
            for a, b in valid_loader
        ) / len(valid_loader.dataset)


def fit(model, optimizer, scheduler, epochs, best):
    for epoch in epochs:
        model.train()
        for a, b in train_loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(model(a), b).backward()
            optimizer.step()
        scheduler.step()
        score = validate(model)
        if score < best["score"]:
            best.update(score=score, state=copy.deepcopy(model.state_dict()))
        print(f"epoch {epoch}: validation {score:.4f}")


best = {"score": float("inf"), "state": None}
model, optimizer, scheduler = build()
fit(model, optimizer, scheduler, range(5), best)
file = io.BytesIO()
parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
torch.save({name: part.state_dict() for name, part in parts.items()}, file)
file.seek(0)
checkpoint = torch.load(file)
model, optimizer, scheduler = build()
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
scheduler.load_state_dict(checkpoint["scheduler"])
fit(model, optimizer, scheduler, range(5, 10), best)
model.load_state_dict(best["state"])
print(f"best {best['score']:.4f}, restored {validate(model):.4f}")
