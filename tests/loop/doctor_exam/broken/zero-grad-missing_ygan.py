"""A GAN on bars: two networks, two optimizers."""

import torch
from torch import nn


def bars(count):
    rows = torch.randint(6, (count,))
    return nn.functional.one_hot(rows, 6).float() + 0.1 * torch.randn(count, 6)


def train_discriminator(G, D, g_opt, d_opt, criterion):
    g_opt.zero_grad()  # HERE
    real, fake = bars(48), G(torch.randn(48, 4)).detach()
    loss = criterion(D(real), torch.ones(48, 1))
    loss = loss + criterion(D(fake), torch.zeros(48, 1))
    loss.backward()  # HERE
    d_opt.step()  # HERE
    return loss.item()


def train_generator(G, D, g_opt, criterion):
    g_opt.zero_grad()
    loss = criterion(D(G(torch.randn(48, 4))), torch.ones(48, 1))
    loss.backward()  # HERE
    g_opt.step()
    return loss.item()


def main():
    torch.manual_seed(0)
    G = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 6))
    D = nn.Sequential(nn.Linear(6, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
    g_opt = torch.optim.Adam(G.parameters(), lr=1e-3)
    d_opt = torch.optim.Adam(D.parameters(), lr=1e-3)
    criterion = nn.BCEWithLogitsLoss()
    for step in range(150):
        d_loss = train_discriminator(G, D, g_opt, d_opt, criterion)
        g_loss = train_generator(G, D, g_opt, criterion)
        if step % 30 == 0:
            print(f"{step}: D {d_loss:.3f} G {g_loss:.3f}")


main()
