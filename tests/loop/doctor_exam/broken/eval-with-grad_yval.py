"""Colourise grey patches, with a validation loss after each epoch."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def patches(count):
    colour = torch.rand(count, 3, 1, 1) * torch.rand(count, 1, 8, 8)
    return TensorDataset(colour.mean(1, keepdim=True), colour.clamp(0, 1))


class Coloriser(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.Dropout2d(0.1),
            nn.Conv2d(16, 3, 3, padding=1),
        )

    def forward(self, x):
        return torch.sigmoid(self.body(x))


class Runner:
    def __init__(self, model, lr=5e-3):
        self.model = model
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    def train(self, loader):
        self.model.train()
        for grey, colour in loader:
            self.optimizer.zero_grad()
            self.criterion(self.model(grey), colour).backward()
            self.optimizer.step()

    def validate(self, loader):
        self.model.eval()
        total = 0.0
        for grey, colour in loader:
            loss = self.criterion(self.model(grey), colour)  # HERE
            total += loss.item() * len(grey)
        return total / len(loader.dataset)


torch.manual_seed(0)
train_loader = DataLoader(patches(128), batch_size=16, shuffle=True)
valid_loader = DataLoader(patches(64), batch_size=32)
runner = Runner(Coloriser())
for epoch in range(5):
    runner.train(train_loader)
    print(f"epoch {epoch}: {runner.validate(valid_loader):.5f}")  # HERE
