"""Small SRGAN: 8x8 -> 16x16 gratings."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Gratings(Dataset):
    def __init__(self, n=64, size=16):
        t = torch.arange(size).float()
        k = 0.3 + torch.rand(n, 2, 1, 1)
        self.hr = torch.sin(
            k[:, :1] * t[None, None, :, None] + k[:, 1:] * t[None, None, None, :]
        )
        self.lr = F.avg_pool2d(self.hr, 2)

    def __len__(self):
        return len(self.hr)

    def __getitem__(self, i):
        return self.lr[i], self.hr[i]


class Generator(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.head = nn.Conv2d(1, c, 3, padding=1)
        self.body = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1), nn.PReLU(), nn.Conv2d(c, c, 3, padding=1)
        )
        self.up = nn.Sequential(nn.Conv2d(c, 4, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, x):
        h = F.relu(self.head(x))
        return self.up(h + self.body(h))


class Discriminator(nn.Module):
    def __init__(self, c=12):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, c, 3, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(c, c, 3, 2, 1),
            nn.LeakyReLU(0.2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(c, 1),
        )

    def forward(self, x):
        return self.net(x)


def main(epochs=2):
    torch.manual_seed(13)
    loader = DataLoader(Gratings(), batch_size=16, shuffle=True)
    netG, netD = Generator(), Discriminator()
    optG = torch.optim.Adam(netG.parameters(), lr=1e-3)
    optD = torch.optim.Adam(netD.parameters(), lr=1e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        for lr_img, hr_img in loader:
            sr_img = netG(lr_img)
            real_score = netD(hr_img)
            fake_score = netD(sr_img)
            one, zero = torch.ones_like(real_score), torch.zeros_like(fake_score)

            d_loss = bce(real_score, one) + bce(fake_score, zero)
            optD.zero_grad()
            d_loss.backward(retain_graph=True)
            optD.step()  # HERE

            g_loss = F.l1_loss(sr_img, hr_img) + 1e-2 * bce(fake_score, one)
            optG.zero_grad()
            g_loss.backward()  # HERE
            optG.step()
        print(f"epoch {epoch} D {d_loss.item():.4f} G {g_loss.item():.4f}")


if __name__ == "__main__":
    main()
