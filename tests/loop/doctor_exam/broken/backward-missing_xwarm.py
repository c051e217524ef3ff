from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    epochs: int = 6
    batch: int = 25
    lr: float = 0.02
    distill_weight: float = 0.0


def fit(cfg, model, x, y):
    opt = torch.optim.RMSprop(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        last = 0.0
        for i in range(0, len(x), cfg.batch):
            opt.zero_grad()
            pred = model(x[i : i + cfg.batch])
            loss = nn.functional.cross_entropy(pred, y[i : i + cfg.batch])
            if cfg.distill_weight > 0:
                loss = loss + cfg.distill_weight * pred.square().mean()
                loss.backward()  # HERE
            opt.step()  # HERE
            last = loss.item()
        print("epoch", epoch, "loss", round(last, 4))


torch.manual_seed(0)
features = torch.randn(200, 8)
labels = (features[:, 0] * features[:, 1] > 0).long()
net = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 2))
fit(Config(), net, features, labels)
