# GAN on a ring of Gaussians
import math
from dataclasses import dataclass

import torch
from torch import nn, optim


@dataclass
class Config:
    z_dim: int = 8
    hidden: int = 48
    batch: int = 64
    iters: int = 60
    lr: float = 2e-4
    seed: int = 7


def real_batch(n):
    angle = torch.randint(0, 8, (n,)) * (2 * math.pi / 8)
    centre = torch.stack([angle.cos(), angle.sin()], 1)
    return centre + 0.05 * torch.randn(n, 2)


def mlp(*sizes):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(a, b))
        if i < len(sizes) - 2:
            layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers)


def main(cfg):
    torch.manual_seed(cfg.seed)
    netG = mlp(cfg.z_dim, cfg.hidden, cfg.hidden, 2)
    netD = mlp(2, cfg.hidden, cfg.hidden, 1)
    optimizerG = optim.Adam(netG.parameters(), lr=cfg.lr, betas=(0.5, 0.999))
    optimizerD = optim.Adam(netD.parameters(), lr=cfg.lr, betas=(0.5, 0.999))
    criterion = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(cfg.batch, 1), torch.zeros(cfg.batch, 1)

    for it in range(cfg.iters):
        # discriminator
        optimizerD.zero_grad()
        errD_real = criterion(netD(real_batch(cfg.batch)), ones)
        noise = torch.randn(cfg.batch, cfg.z_dim)
        fake = netG(noise)
        errD_fake = criterion(netD(fake.detach()), zeros)
        errD = errD_real + errD_fake
        errD.backward()
        optimizerD.step()

        # generator
        optimizerD.zero_grad()  # HERE
        errG = criterion(netD(fake), ones)
        errG.backward()  # HERE
        optimizerG.step()  # HERE

        if it % 20 == 0:
            print(
                f"[{it}/{cfg.iters}] loss_D {errD.item():.4f} loss_G {errG.item():.4f}"
            )

    netG.eval()
    with torch.no_grad():
        sample = netG(torch.randn(256, cfg.z_dim))
    print("mean radius of samples:", sample.norm(dim=1).mean().item())


main(Config())
