"""A GAN that learns a ring of points."""

import torch
from torch import nn


def real_points(count):
    angle = torch.rand(count) * 6.2832
    ring = torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    return ring + 0.05 * torch.randn(count, 2)


def mlp(inputs, outputs):
    return nn.Sequential(
        nn.Linear(inputs, 32), nn.LeakyReLU(0.2), nn.Linear(32, outputs)
    )


torch.manual_seed(0)
generator, discriminator = mlp(4, 2), mlp(2, 1)
g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3)
d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for step in range(200):
    fake = generator(torch.randn(64, 4))
    real_score = discriminator(real_points(64))
    fake_score = discriminator(fake)
    d_loss = bce(real_score, ones) + bce(fake_score, zeros)
    g_loss = bce(fake_score, ones)

    d_optimizer.zero_grad()
    d_loss.backward(retain_graph=True)
    d_optimizer.step()  # HERE

    g_optimizer.zero_grad()
    g_loss.backward()  # HERE
    g_optimizer.step()

    if step % 50 == 0:
        print(f"{step}: D {d_loss.item():.3f} G {g_loss.item():.3f}")
