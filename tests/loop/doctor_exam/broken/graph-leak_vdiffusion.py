"""Denoising diffusion on a spiral, losses gathered for the plot at the end."""

import math

import torch
from torch import nn


class Denoiser(nn.Module):
    def __init__(self, steps, width=64):
        super().__init__()
        self.time = nn.Embedding(steps, width)
        self.inp = nn.Linear(2, width)
        self.net = nn.Sequential(
            nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2)
        )

    def forward(self, x, t):
        return self.net(self.inp(x) + self.time(t))


class Diffusion:
    def __init__(self, steps=40):
        self.steps = steps
        beta = torch.linspace(1e-3, 0.15, steps)
        self.alpha, self.beta = 1 - beta, beta
        self.abar = torch.cumprod(self.alpha, 0)

    def noise(self, x, t):
        eps = torch.randn_like(x)
        a = self.abar[t].unsqueeze(1)
        return a.sqrt() * x + (1 - a).sqrt() * eps, eps

    @torch.no_grad()
    def sample(self, model, n):
        x = torch.randn(n, 2)
        for t in reversed(range(self.steps)):
            eps = model(x, torch.full((n,), t))
            x = (x - self.beta[t] / (1 - self.abar[t]).sqrt() * eps) / self.alpha[
                t
            ].sqrt()
            if t:
                x = x + self.beta[t].sqrt() * torch.randn_like(x)
        return x


def spiral(n):
    r = torch.rand(n)
    a = 3 * math.pi * r
    return torch.stack([r * a.cos(), r * a.sin()], 1) * 1.5 + 0.03 * torch.randn(n, 2)


def batches(data, size):
    for idx in torch.randperm(len(data)).split(size):
        yield data[idx]


def main():
    torch.manual_seed(3)
    data, process = spiral(512), Diffusion()
    model = Denoiser(process.steps)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    history = []
    for epoch in range(5):
        model.train()
        for x in batches(data, 64):
            t = torch.randint(0, process.steps, (len(x),))
            noisy, eps = process.noise(x, t)
            loss = nn.functional.mse_loss(model(noisy, t), eps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append(loss)  # HERE
        print("epoch", epoch, "loss %.4f" % (sum(l.item() for l in history[-8:]) / 8))
    model.eval()
    print("sample std", process.sample(model, 200).std().item())
    print("first and last loss", history[0].item(), history[-1].item())


main()
