"""Multi-task learner: weights for the terms come from the config."""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Config:
    epochs: int = 4
    lr: float = 1e-3
    batch_size: int = 32
    weights: dict = field(
        default_factory=lambda: {"age": 1.0, "gender": 0.5, "smile": 0.5}
    )


class FaceAttributes(nn.Module):
    def __init__(self, d=20):
        super().__init__()
        self.shared = nn.Sequential(nn.Linear(d, 32), nn.ReLU())
        self.age, self.gender, self.smile = (
            nn.Linear(32, 1),
            nn.Linear(32, 1),
            nn.Linear(32, 1),
        )

    def forward(self, x):
        h = self.shared(x)
        return {
            "age": self.age(h).squeeze(1),
            "gender": self.gender(h).squeeze(1),
            "smile": self.smile(h).squeeze(1),
        }


class Criterion:
    def __init__(self, weights):
        self.weights = weights
        self.fns = {
            "age": nn.L1Loss(),
            "gender": nn.BCEWithLogitsLoss(),
            "smile": nn.BCEWithLogitsLoss(),
        }

    def __call__(self, out, target):
        parts = {k: fn(out[k], target[k]) for k, fn in self.fns.items()}
        weighted = [self.weights[k] * v.item() for k, v in parts.items()]
        total = torch.tensor(sum(weighted), requires_grad=True)  # HERE
        return total, {k: v.item() for k, v in parts.items()}


def main(cfg=Config()):
    torch.manual_seed(9)
    x = torch.randn(320, 20)
    age = x[:, :5].sum(1) * 0.4
    gender = (x[:, 5] + x[:, 6] > 0).float()
    smile = (x[:, 7] * x[:, 8] > 0).float()
    loader = DataLoader(
        TensorDataset(x, age, gender, smile), cfg.batch_size, shuffle=True
    )
    model, criterion = FaceAttributes(), Criterion(cfg.weights)
    optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        model.train()
        meters = {}
        for xb, a, g, s in loader:
            optimizer.zero_grad()
            total, parts = criterion(model(xb), {"age": a, "gender": g, "smile": s})
            total.backward()
            optimizer.step()
            for k, v in parts.items():
                meters[k] = meters.get(k, 0.0) + v / len(loader)
        print("epoch", epoch, " ".join(f"{k}={v:.4f}" for k, v in meters.items()))


if __name__ == "__main__":
    main()
