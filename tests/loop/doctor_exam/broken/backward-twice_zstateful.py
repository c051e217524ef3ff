"""Stateful LSTM that forecasts a noisy sine in consecutive windows."""

import torch
from torch import nn, optim


class Forecaster(nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)
        self.state = None

    def reset(self, batch):
        self.state = (
            torch.zeros(1, batch, self.hidden),
            torch.zeros(1, batch, self.hidden),
        )

    def forward(self, x):
        out, self.state = self.lstm(x, self.state)  # HERE
        return self.fc(out)


def series(batch=8, length=161):
    t = torch.arange(length) * 0.15
    phase = torch.rand(batch, 1) * 6.28
    return (torch.sin(t + phase) + 0.05 * torch.randn(batch, length)).unsqueeze(-1)


def fit(model, epochs=2, window=20):
    criterion = nn.SmoothL1Loss()
    optimizer = optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(epochs):
        data = series()
        model.reset(data.size(0))
        total = 0.0
        for start in range(0, data.size(1) - window, window):
            x = data[:, start : start + window]
            y = data[:, start + 1 : start + window + 1]
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()  # HERE
            optimizer.step()
            total += loss.item()
        print(epoch, total)


torch.manual_seed(5)
fit(Forecaster())
