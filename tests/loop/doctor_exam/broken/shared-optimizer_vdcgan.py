"""DCGAN on 8x8 crosses."""

import itertools

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Crosses(Dataset):
    def __init__(self, n=192, size=8):
        self.x = -torch.ones(n, 1, size, size)
        for i in range(n):
            r, c = torch.randint(1, size - 1, (2,)).tolist()
            self.x[i, 0, r, c - 1 : c + 2] = 1
            self.x[i, 0, r - 1 : r + 2, c] = 1

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i]


class Generator(nn.Module):
    def __init__(self, nz=10, ngf=8):
        super().__init__()
        self.nz = nz
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, 2 * ngf, 2, 1, 0, bias=False),
            nn.BatchNorm2d(2 * ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(2 * ngf, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, 1, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, n):
        return self.main(torch.randn(n, self.nz, 1, 1))


class Discriminator(nn.Module):
    def __init__(self, ndf=8):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(1, ndf, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(ndf, 2 * ndf, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * ndf, 1, 2),
        )

    def forward(self, x):
        return self.main(x).flatten()


def weights_init(m):
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.05)


class Trainer:
    def __init__(self, loader, lr=1e-3):
        self.G, self.D, self.loader = (
            Generator().apply(weights_init),
            Discriminator().apply(weights_init),
            loader,
        )
        both = itertools.chain(self.G.parameters(), self.D.parameters())
        self.optimizer = torch.optim.Adam(both, lr=lr, betas=(0.5, 0.999))  # HERE
        self.bce = nn.BCEWithLogitsLoss()

    def discriminator_turn(self, real):
        fake = self.G(len(real)).detach()
        pr, pf = self.D(real), self.D(fake)
        loss = self.bce(pr, torch.ones_like(pr)) + self.bce(pf, torch.zeros_like(pf))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()  # HERE
        return loss.item()

    def generator_turn(self, n):
        pf = self.D(self.G(n))
        loss = self.bce(pf, torch.ones_like(pf))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()  # HERE
        return loss.item()

    def fit(self, epochs):
        for epoch in range(epochs):
            for real in self.loader:
                d = self.discriminator_turn(real)
                g = self.generator_turn(len(real))
            print(f"epoch {epoch} D {d:.4f} G {g:.4f}")


torch.manual_seed(999)
Trainer(DataLoader(Crosses(), batch_size=32, shuffle=True)).fit(4)
