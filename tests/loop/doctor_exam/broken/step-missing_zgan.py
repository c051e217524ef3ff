"""A GAN on a mixture of two gaussians."""

import torch
from torch import nn

torch.manual_seed(3)
LATENT = 4


def mlp(*sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


def real_batch(n):
    centre = torch.where(torch.rand(n, 1) < 0.5, -2.0, 2.0)
    return centre + 0.3 * torch.randn(n, 1)


G = mlp(LATENT, 32, 32, 1)
D = mlp(1, 32, 32, 1)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()


def train_discriminator(real):
    fake = G(torch.randn(len(real), LATENT)).detach()
    opt_d.zero_grad()
    pred_real, pred_fake = D(real), D(fake)
    loss = bce(pred_real, torch.ones_like(pred_real))
    loss = loss + bce(pred_fake, torch.zeros_like(pred_fake))
    loss.backward()
    opt_d.step()
    return loss.item()


def train_generator(n):
    opt_g.zero_grad()
    score = D(G(torch.randn(n, LATENT)))
    loss = bce(score, torch.ones_like(score))
    loss.backward()  # HERE
    opt_g.step  # HERE
    return loss.item()


for step in range(60):
    d_loss = train_discriminator(real_batch(64))
    g_loss = train_generator(64)
    if step % 20 == 0:
        print(f"[{step}] D {d_loss:.3f} G {g_loss:.3f}")
