"""Binary polyp segmentation with a tiny U-Net. Synthetic discs stand in for the images."""

import argparse
import logging

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("polyps")


class Discs(Dataset):
    def __init__(self, n, size, seed):
        g = torch.Generator().manual_seed(seed)
        yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
        centre = torch.randint(4, size - 4, (n, 2, 1, 1), generator=g)
        radius = torch.randint(2, 5, (n, 1, 1), generator=g)
        dist = (yy - centre[:, 0]) ** 2 + (xx - centre[:, 1]) ** 2
        self.masks = (dist <= radius**2).float().unsqueeze(1)
        self.images = self.masks + 0.4 * torch.randn(n, 1, size, size, generator=g)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.images[i], self.masks[i]


def block(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU()
    )


class TinyUNet(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.enc = block(1, width)
        self.mid = block(width, 2 * width)
        self.dec = block(3 * width, width)
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        e = self.enc(x)
        m = self.mid(F.max_pool2d(e, 2))
        m = F.interpolate(m, scale_factor=2, mode="nearest")
        return self.out(self.dec(torch.cat([e, m], 1)))


def dice_loss(logits, target):
    p = torch.sigmoid(logits).flatten(1)
    t = target.flatten(1)
    return (1 - (2 * (p * t).sum(1) + 1) / (p.sum(1) + t.sum(1) + 1)).mean()


class Trainer:
    def __init__(self, model, train_loader, val_loader, lr):
        self.model, self.train_loader, self.val_loader = model, train_loader, val_loader
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)

    def train_epoch(self):
        self.model.train()
        total = 0.0
        for images, masks in self.train_loader:
            logits = self.model(images)
            loss = F.binary_cross_entropy_with_logits(logits, masks) + dice_loss(
                logits, masks
            )
            loss.backward()  # HERE
            self.optimizer.step()  # HERE
            total += loss.item() * len(images)
        return total / len(self.train_loader.dataset)

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        inter = union = 0.0
        for images, masks in self.val_loader:
            pred = self.model(images) > 0
            inter += (pred & (masks > 0)).sum().item()
            union += (pred | (masks > 0)).sum().item()
        return inter / max(union, 1)

    def fit(self, epochs):
        for epoch in range(epochs):
            log.info(
                "epoch %d loss %.4f iou %.3f",
                epoch,
                self.train_epoch(),
                self.validate(),
            )


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=3)
    ap.add_argument("--batch-size", type=int, default=16)
    ap.add_argument("--lr", type=float, default=0.02)
    args = ap.parse_args()
    torch.manual_seed(0)
    Trainer(
        TinyUNet(),
        DataLoader(Discs(96, 16, 1), args.batch_size, shuffle=True),
        DataLoader(Discs(32, 16, 2), 32),
        args.lr,
    ).fit(args.epochs)
