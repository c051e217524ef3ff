"""Train in two sittings, with a checkpoint in between."""

import os
import tempfile

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def build():
    model = nn.Sequential(nn.Linear(9, 48), nn.Tanh(), nn.Linear(48, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)  # HERE
    return model, optimizer


def train(model, optimizer, loader, epochs):
    for epoch in epochs:
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.5f}")


def main():
    torch.manual_seed(0)
    x = torch.randn(256, 9)
    y = torch.sin(x[:, :1]) * x[:, 1:2]
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "checkpoint.pt")
        model, optimizer = build()
        train(model, optimizer, loader, range(5))
        torch.save({"epoch": 5, "model": model.state_dict()}, path)  # HERE

        checkpoint = torch.load(path)
        model, optimizer = build()  # HERE
        model.load_state_dict(checkpoint["model"])  # HERE
        train(model, optimizer, loader, range(checkpoint["epoch"], 10))


main()
