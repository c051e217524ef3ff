"""Keyword spotting on synthetic tones; the rate drops on a plateau."""

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset


def tones(n, g):
    y = torch.randint(0, 5, (n,), generator=g)
    t = torch.arange(64) / 64
    phase = 6.28 * torch.rand(n, 1, generator=g)
    x = torch.sin(6.28 * (2 * y[:, None] + 2) * t + phase)
    return TensorDataset((x + torch.randn(n, 64, generator=g)).unsqueeze(1), y)


class Spotter(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 16, 16, stride=4)
        self.norm = nn.BatchNorm1d(16)
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc(torch.relu(self.norm(self.conv(x))).amax(-1))


class Experiment:
    def __init__(self, lr=2e-3):
        g = torch.Generator().manual_seed(0)
        self.train_loader = DataLoader(tones(320, g), batch_size=32, shuffle=True)
        self.val_loader = DataLoader(tones(160, g), batch_size=80)
        self.model = Spotter()
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        self.scheduler = ReduceLROnPlateau(  # HERE
            self.optimizer, factor=0.3, patience=1
        )

    def train_epoch(self):
        self.model.train()
        for x, y in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()

    def validate(self):
        self.model.eval()
        correct = 0
        with torch.no_grad():
            for x, y in self.val_loader:
                correct += (self.model(x).argmax(1) == y).sum().item()
        return correct / len(self.val_loader.dataset)

    def run(self, epochs):
        for epoch in range(epochs):
            self.train_epoch()
            val_acc = self.validate()
            self.scheduler.step(val_acc)  # HERE
            lr = self.optimizer.param_groups[0]["lr"]
            print(f"epoch {epoch} acc {val_acc:.3f} lr {lr:.1e}")


torch.manual_seed(0)
Experiment().run(epochs=12)
