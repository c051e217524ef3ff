"""Predict the energy use of buildings."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class EnergyModel(nn.Module):
    def __init__(self, inputs=6):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.layers(x)


def rmse(prediction, target):
    return torch.sqrt(((prediction - target) ** 2).mean() + 1e-8)  # HERE


def main():
    torch.manual_seed(0)
    x = torch.randn(320, 6)
    y = 2 * x[:, 0] - x[:, 1] * x[:, 2]
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    model = EnergyModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(10):
        total = 0.0
        for features, target in loader:
            optimizer.zero_grad()
            prediction = model(features)
            loss = rmse(prediction, target)  # HERE
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: rmse {total / len(loader):.4f}")


main()
