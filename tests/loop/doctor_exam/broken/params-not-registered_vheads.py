"""Pedestrian-counting model: one trunk, one regression head per camera."""

import logging
from functools import partial

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

logger = logging.getLogger(__name__)
logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
CAMERAS = ["north", "south", "east"]


def head_factory(dim):
    return nn.Sequential(nn.Linear(dim, 16), nn.SELU(), nn.Linear(16, 1))


class CountNet(nn.Module):
    def __init__(self, n_features, dim=32, cameras=CAMERAS):
        super().__init__()
        self.cameras = list(cameras)
        self.trunk = nn.Sequential(
            nn.Linear(n_features, dim), nn.SELU(), nn.Linear(dim, dim), nn.SELU()
        )
        self.heads = {name: head_factory(dim) for name in self.cameras}  # HERE

    def forward(self, x):
        h = self.trunk(x)
        return torch.cat([self.heads[c](h) for c in self.cameras], dim=1)


def simulate(n, n_features=10):
    x = torch.randn(n, n_features)
    rates = torch.stack([x[:, i : i + 4].sum(1) * 0.4 for i in range(len(CAMERAS))], 1)
    return TensorDataset(x, rates + 0.05 * torch.randn_like(rates))


class Experiment:
    def __init__(self, make_optimizer, epochs=4):
        self.model = CountNet(10)
        self.optimizer = make_optimizer(self.model.parameters())
        self.scheduler = torch.optim.lr_scheduler.ExponentialLR(self.optimizer, 0.9)
        self.loss_fn = nn.SmoothL1Loss()
        self.epochs = epochs

    def train_epoch(self, loader):
        self.model.train()
        total = 0.0
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.loss_fn(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(x)
        return total / len(loader.dataset)

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        err = sum((self.model(x) - y).abs().sum(0) for x, y in loader) / len(
            loader.dataset
        )
        return {c: round(e.item(), 3) for c, e in zip(CAMERAS, err)}

    def run(self, train, valid):
        for epoch in range(self.epochs):
            loss = self.train_epoch(train)
            self.scheduler.step()
            logger.info("epoch %d loss %.4f mae %s", epoch, loss, self.evaluate(valid))


if __name__ == "__main__":
    torch.manual_seed(2024)
    exp = Experiment(partial(torch.optim.AdamW, lr=2e-3, weight_decay=1e-3))
    exp.run(DataLoader(simulate(256), 32, shuffle=True), DataLoader(simulate(64), 64))
