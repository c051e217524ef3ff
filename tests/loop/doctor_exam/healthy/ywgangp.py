"""WGAN with a gradient penalty: create_graph, three critic steps for one of G's."""

import torch
from torch import autograd, nn


def blob(count):
    return torch.tensor([2.0, -1.0]) + 0.5 * torch.randn(count, 2)


def gradient_penalty(critic, real, fake):
    mix = torch.rand(len(real), 1)
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    score = critic(between)
    (gradient,) = autograd.grad(
        score, between, torch.ones_like(score), create_graph=True, retain_graph=True
    )
    return ((gradient.norm(2, dim=1) - 1) ** 2).mean()


torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
C = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
g_opt = torch.optim.Adam(G.parameters(), lr=5e-3, betas=(0.0, 0.9))
c_opt = torch.optim.Adam(C.parameters(), lr=5e-3, betas=(0.0, 0.9))
for step in range(240):
    real = blob(64)
    fake = G(torch.randn(64, 2)).detach()
    c_opt.zero_grad()
    loss_c = C(fake).mean() - C(real).mean() + gradient_penalty(C, real, fake)
    loss_c.backward()
    c_opt.step()
    if step % 3 == 2:
        for p in C.parameters():
            p.requires_grad_(False)
        g_opt.zero_grad()
        loss_g = -C(G(torch.randn(64, 2))).mean()
        loss_g.backward()
        g_opt.step()
        for p in C.parameters():
            p.requires_grad_(True)
    if step % 60 == 2:
        gap = (fake.mean(0) - real.mean(0)).norm().item()
        print(f"{step + 1}: critic {loss_c.item():.3f} distance of the means {gap:.3f}")
