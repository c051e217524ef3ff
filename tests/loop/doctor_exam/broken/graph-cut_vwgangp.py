"""WGAN-GP on two moons (made by formula)."""

import argparse
import math

import torch
import torch.nn as nn
from torch.autograd import grad

parser = argparse.ArgumentParser()
parser.add_argument("--iters", type=int, default=30)
parser.add_argument("--n_critic", type=int, default=3)
parser.add_argument("--lambda_gp", type=float, default=10.0)
parser.add_argument("--latent", type=int, default=6)
parser.add_argument("--batch", type=int, default=64)
opt = parser.parse_args()
torch.manual_seed(2)


def two_moons(n):
    a = math.pi * torch.rand(n)
    upper = torch.rand(n) < 0.5
    x = torch.where(upper, a.cos(), 1 - a.cos())
    y = torch.where(upper, a.sin(), 0.5 - a.sin())
    return torch.stack([x, y], 1) + 0.05 * torch.randn(n, 2)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(opt.latent, 48),
            nn.ReLU(),
            nn.Linear(48, 48),
            nn.ReLU(),
            nn.Linear(48, 2),
        )

    def forward(self, z):
        return self.model(z)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(2, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1)
        )

    def forward(self, x):
        return self.model(x)


def compute_gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1)
    mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    score = critic(mixed)
    ones = torch.ones_like(score)
    gradients = grad(outputs=score, inputs=mixed, grad_outputs=ones)[0]  # HERE
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()


generator, critic = Generator(), Critic()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.0, 0.9))
optimizer_C = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.0, 0.9))

for i in range(opt.iters):
    for _ in range(opt.n_critic):
        real = two_moons(opt.batch)
        fake = generator(torch.randn(opt.batch, opt.latent)).detach()
        gp = compute_gradient_penalty(critic, real, fake)
        c_loss = critic(fake).mean() - critic(real).mean() + opt.lambda_gp * gp
        optimizer_C.zero_grad()
        c_loss.backward()
        optimizer_C.step()

    g_loss = -critic(generator(torch.randn(opt.batch, opt.latent))).mean()
    optimizer_G.zero_grad()
    g_loss.backward()
    optimizer_G.step()
    if i % 10 == 0:
        print(
            f"[{i}/{opt.iters}] C: {c_loss.item():.3f} G: {g_loss.item():.3f} gp: {gp.item():.3f}"
        )
