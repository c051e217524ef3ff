"""Denoising autoencoder that saves a checkpoint and resumes from it."""

import os
import tempfile

import torch
import torch.nn as nn


class AutoEncoder(nn.Module):
    def __init__(self, dim=20, code=4):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(dim, 16), nn.GELU(), nn.Linear(16, code))
        self.decoder = nn.Sequential(nn.Linear(code, 16), nn.GELU(), nn.Linear(16, dim))

    def forward(self, x):
        return self.decoder(self.encoder(x))


BASIS = torch.randn(4, 20, generator=torch.Generator().manual_seed(9))


def sample(n):
    return torch.tanh(torch.randn(n, 4) @ BASIS)


def build():
    model = AutoEncoder()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    return model, optimizer


def save_checkpoint(path, epoch, model, optimizer):
    torch.save(
        {
            "epoch": epoch,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
        },
        path,
    )


def load_checkpoint(path):
    checkpoint = torch.load(path)
    model, optimizer = build()  # HERE
    model.load_state_dict(checkpoint["model"])  # HERE
    return model, optimizer, checkpoint["epoch"] + 1


def train(model, optimizer, first, last):
    model.train()
    for epoch in range(first, last):
        total = 0.0
        for _ in range(12):
            clean = sample(32)
            optimizer.zero_grad()
            recon = model(clean + 0.1 * torch.randn_like(clean))
            loss = nn.functional.mse_loss(recon, clean)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} {total / 12:.5f}")


if __name__ == "__main__":
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "last.pt")
        model, optimizer = build()
        train(model, optimizer, 0, 3)
        save_checkpoint(path, 2, model, optimizer)
        model, optimizer, start = load_checkpoint(path)
        train(model, optimizer, start, start + 3)
