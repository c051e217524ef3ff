"""A GAN for short sine waves."""

import itertools

import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self, noise=6, length=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(noise, 48), nn.ReLU(), nn.Linear(48, length), nn.Tanh()
        )

    def forward(self, z):
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self, length=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(length, 48), nn.LeakyReLU(0.2), nn.Linear(48, 1)
        )

    def forward(self, x):
        return self.net(x)


def waves(count):
    return torch.sin(torch.arange(16.0) * 0.6 + torch.rand(count, 1) * 6.28)


def main(batch=64, steps=200):
    torch.manual_seed(0)
    G, D = Generator(), Discriminator()
    everything = itertools.chain(G.parameters(), D.parameters())
    optimizer = torch.optim.Adam(everything, lr=1e-3, betas=(0.5, 0.999))  # HERE
    bce = nn.BCEWithLogitsLoss()
    for step in range(steps):
        fake = G(torch.randn(batch, 6))
        d_loss = bce(D(waves(batch)), torch.ones(batch, 1))
        d_loss = d_loss + bce(D(fake.detach()), torch.zeros(batch, 1))
        optimizer.zero_grad()
        d_loss.backward()
        optimizer.step()  # HERE

        g_loss = bce(D(fake), torch.ones(batch, 1))
        optimizer.zero_grad()
        g_loss.backward()
        optimizer.step()  # HERE
        if step % 50 == 0:
            print(f"{step}: D {d_loss.item():.3f} G {g_loss.item():.3f}")


main()
