"""Adversarial debiasing: the adversary guesses the group from the representation."""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Settings:
    epochs: int = 5
    batch_size: int = 32
    lr: float = 2e-3
    strength: float = 0.8


class Model(nn.Module):
    def __init__(self, d=10, rep=12):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(d, 24), nn.ReLU(), nn.Linear(24, rep))
        self.task = nn.Linear(rep, 1)
        self.adversary = nn.Sequential(nn.Linear(rep, 16), nn.ReLU(), nn.Linear(16, 1))


def census(n):
    x = torch.randn(n, 10)
    group = (torch.rand(n) < 0.5).float()
    x[:, 0] += 1.2 * group
    x[:, 1] -= 0.8 * group
    income = (x[:, :4].sum(1) + 0.3 * torch.randn(n) > 0).float()
    return x, income, group


def adversary_loss(model, rep, group):
    return F.binary_cross_entropy_with_logits(model.adversary(rep).squeeze(1), group)


def train_epoch(model, loader, optimizer, strength):
    model.train()
    log = {"task": 0.0, "adv": 0.0}
    for x, income, group in loader:
        # adversary learns to read the group
        adv = adversary_loss(model, model.encoder(x).detach(), group)
        optimizer.zero_grad()
        adv.backward()
        optimizer.step()  # HERE

        # encoder and task learn to predict and to hide it
        rep = model.encoder(x)
        task = F.binary_cross_entropy_with_logits(model.task(rep).squeeze(1), income)
        loss = task - strength * adversary_loss(model, rep, group)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()  # HERE
        log["task"] += task.item() / len(loader)
        log["adv"] += adv.item() / len(loader)
    return log


def main(s=Settings()):
    torch.manual_seed(10)
    x, income, group = census(400)
    loader = DataLoader(
        TensorDataset(x[:320], income[:320], group[:320]), s.batch_size, shuffle=True
    )
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=s.lr)  # HERE
    for epoch in range(s.epochs):
        log = train_epoch(model, loader, optimizer, s.strength)
        model.eval()
        with torch.no_grad():
            rep = model.encoder(x[320:])
            acc = (
                ((model.task(rep).squeeze(1) > 0) == (income[320:] > 0))
                .float()
                .mean()
                .item()
            )
        print(epoch, {k: round(v, 4) for k, v in log.items()}, "acc", round(acc, 3))


if __name__ == "__main__":
    main()
