"""Toy diffusion on a two-dimensional spiral, conditioned on the timestep."""

import argparse
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Denoiser(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inp = nn.Linear(2, width)
        self.mid = nn.Linear(width, width)
        self.out = nn.Linear(width, 2)

    def forward(self, x, emb):
        h = torch.nn.functional.silu(self.inp(x) + emb)
        h = torch.nn.functional.silu(self.mid(h))
        return self.out(h)


def spiral(n):
    r = torch.rand(n) * 3 * math.pi
    points = torch.stack([r * r.cos(), r * r.sin()], dim=1) / 6
    return points + 0.02 * torch.randn(n, 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--width", type=int, default=32)
    args = parser.parse_args()

    torch.manual_seed(0)
    loader = DataLoader(TensorDataset(spiral(512)), batch_size=64, shuffle=True)
    betas = torch.linspace(1e-4, 0.05, args.steps)
    alpha_bar = torch.cumprod(1 - betas, dim=0)

    time_embedding = nn.Embedding(args.steps, args.width)
    denoiser = Denoiser(args.width)
    params = list(denoiser.parameters()) + list(time_embedding.parameters())
    optimizer = torch.optim.SGD(params, lr=0.05)

    for epoch in range(args.epochs):
        running = 0.0
        for (x0,) in loader:
            t = torch.randint(0, args.steps, (x0.shape[0],))
            noise = torch.randn_like(x0)
            a = alpha_bar[t].unsqueeze(1)
            xt = a.sqrt() * x0 + (1 - a).sqrt() * noise

            denoiser.zero_grad()  # HERE
            loss = ((denoiser(xt, time_embedding(t)) - noise) ** 2).mean()
            loss.backward()
            optimizer.step()  # HERE
            running += loss.item()
        print(f"epoch {epoch}: {running / len(loader):.4f}")


if __name__ == "__main__":
    main()
