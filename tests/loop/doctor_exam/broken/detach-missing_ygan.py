"""A generator of two-dimensional spirals against a discriminator."""

import torch
from torch import nn


def spiral(count):
    t = 3 * torch.rand(count)
    points = torch.stack([t * torch.cos(2 * t), t * torch.sin(2 * t)], 1)
    return points / 3 + 0.03 * torch.randn(count, 2)


class GAN:
    def __init__(self):
        self.G = nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 2))
        self.D = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
        self.opt_g = torch.optim.Adam(self.G.parameters(), lr=1e-3)
        self.opt_d = torch.optim.Adam(self.D.parameters(), lr=1e-3)
        self.bce = nn.BCEWithLogitsLoss()

    def step(self, real):
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
        self.opt_g.zero_grad()
        self.opt_d.zero_grad()
        fake = self.G(torch.randn(len(real), 3))  # HERE
        loss_d = self.bce(self.D(real), ones) + self.bce(self.D(fake), zeros)  # HERE
        loss_d.backward()  # HERE
        self.opt_d.step()
        loss_g = self.bce(self.D(self.G(torch.randn(len(real), 3))), ones)
        loss_g.backward()
        self.opt_g.step()  # HERE
        return loss_d.item(), loss_g.item()


torch.manual_seed(0)
gan = GAN()
for i in range(200):
    loss_d, loss_g = gan.step(spiral(64))
    if i % 40 == 0:
        print(f"{i}: D {loss_d:.3f} G {loss_g:.3f}")
