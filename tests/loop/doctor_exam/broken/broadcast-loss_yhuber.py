"""Predict travel times from a table of trips."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Trips(Dataset):
    def __init__(self, count=256):
        self.x = torch.rand(count, 5)
        self.minutes = 3 + 10 * self.x[:, 0] * self.x[:, 1] - 4 * self.x[:, 2]

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], self.minutes[index]


def train(model, loader, epochs=8):
    criterion = nn.SmoothL1Loss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(epochs):
        total = 0.0
        for x, minutes in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), minutes)  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: {total / len(loader):.4f}")


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 1))
train(net, DataLoader(Trips(), batch_size=32, shuffle=True))
