"""A critic between two clouds of points, with a penalty on its slope."""

import torch
from torch import autograd, nn


def gradient_penalty(critic, real, fake):
    alpha = torch.rand(len(real), 1)
    mixed = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    score = critic(mixed)
    slope = autograd.grad(score.sum(), mixed)[0]  # HERE
    return ((slope.norm(2, dim=1) - 1) ** 2).mean()


def main(steps=120, weight=10.0):
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(critic.parameters(), lr=5e-3)
    for step in range(steps):
        real = torch.randn(64, 2) + torch.tensor([2.0, 0.0])
        fake = torch.randn(64, 2)
        penalty = gradient_penalty(critic, real, fake)  # HERE
        gap = critic(fake).mean() - critic(real).mean()
        loss = gap + weight * penalty  # HERE
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 0:
            print(f"{step}: gap {gap.item():.3f} penalty {penalty.item():.3f}")


main()
