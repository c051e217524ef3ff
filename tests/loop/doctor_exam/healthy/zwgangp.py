"""WGAN with a gradient penalty: several critic steps, create_graph."""

import torch
import torch.nn as nn
from torch import autograd, optim

torch.manual_seed(1)
DIM, LAMBDA, CRITIC_ITERS, ITERS = 32, 0.1, 3, 20
one = torch.tensor(1.0)
mone = one * -1


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(2, DIM), nn.ReLU(True), nn.Linear(DIM, DIM), nn.ReLU(True)
        )
        self.out = nn.Linear(DIM, 2)

    def forward(self, noise):
        return self.out(self.main(noise))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Linear(2, DIM), nn.LeakyReLU(0.2), nn.Linear(DIM, 1)
        )

    def forward(self, x):
        return self.main(x).view(-1)


def real_data(n=64):
    centres = torch.randint(0, 8, (n,)).float() * 0.7854
    return torch.stack([centres.cos(), centres.sin()], 1) + 0.02 * torch.randn(n, 2)


def gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1)
    mix = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    (gradients,) = autograd.grad(
        outputs=critic(mix),
        inputs=mix,
        grad_outputs=torch.ones(real.size(0)),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean() * LAMBDA


netG, netD = Generator(), Critic()
optimizerD = optim.Adam(netD.parameters(), lr=1e-3, betas=(0.5, 0.9))
optimizerG = optim.Adam(netG.parameters(), lr=1e-3, betas=(0.5, 0.9))

for iteration in range(ITERS):
    for p in netD.parameters():
        p.requires_grad = True
    for _ in range(CRITIC_ITERS):
        real = real_data()
        netD.zero_grad()
        D_real = netD(real).mean()
        D_real.backward(mone)
        with torch.no_grad():
            fake = netG(torch.randn(64, 2))
        D_fake = netD(fake).mean()
        D_fake.backward(one)
        penalty = gradient_penalty(netD, real, fake)
        penalty.backward()
        optimizerD.step()

    for p in netD.parameters():
        p.requires_grad = False
    netG.zero_grad()
    G = netD(netG(torch.randn(64, 2))).mean()
    G.backward(mone)
    optimizerG.step()
    if iteration % 5 == 0:
        print(iteration, "wasserstein", (D_real - D_fake).item())
