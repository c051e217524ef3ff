"""Sequence GAN-like toy: generator makes 12-point curves, critic judges them."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Options:
    latent: int = 6
    length: int = 12
    batch: int = 48
    steps: int = 50
    lr_g: float = 5e-4
    lr_d: float = 5e-4


def curves(n, length):
    t = torch.linspace(0, 1, length)[None]
    return torch.sin(6.28 * (t + torch.rand(n, 1))) * (0.5 + torch.rand(n, 1))


class Gen(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(o.latent, 40), nn.ReLU(), nn.Linear(40, o.length)
        )
        self.latent = o.latent

    def sample(self, n):
        return self.net(torch.randn(n, self.latent))


class Disc(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(o.length, 40), nn.LeakyReLU(0.2), nn.Linear(40, 1)
        )

    def forward(self, x):
        return self.net(x).squeeze(1)


class GANTrainer:
    def __init__(self, o):
        self.o, self.gen, self.disc = o, Gen(o), Disc(o)
        self.opts = {
            "g": torch.optim.Adam(self.gen.parameters(), lr=o.lr_g, betas=(0.5, 0.999)),
            "d": torch.optim.Adam(
                self.disc.parameters(), lr=o.lr_d, betas=(0.5, 0.999)
            ),
        }
        self.bce = nn.BCEWithLogitsLoss()

    def step(self, real):
        n = len(real)
        for opt in self.opts.values():
            opt.zero_grad()

        fake = self.gen.sample(n)
        d_loss = self.bce(self.disc(real), torch.ones(n))
        d_loss = d_loss + self.bce(self.disc(fake), torch.zeros(n))  # HERE
        d_loss.backward()
        self.opts["d"].step()

        fake = self.gen.sample(n)
        g_loss = self.bce(self.disc(fake), torch.ones(n))
        g_loss.backward()
        self.opts["g"].step()
        return {"d": d_loss.item(), "g": g_loss.item()}

    def run(self):
        for i in range(self.o.steps):
            logs = self.step(curves(self.o.batch, self.o.length))
            if i % 10 == 9:
                print(i + 1, " ".join(f"{k}_loss={v:.4f}" for k, v in logs.items()))


if __name__ == "__main__":
    torch.manual_seed(19)
    GANTrainer(Options()).run()
