"""A very small U-Net that segments discs."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Discs(Dataset):
    def __init__(self, n, size=16, seed=0):
        g = torch.Generator().manual_seed(seed)
        yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
        c = torch.randint(4, size - 4, (n, 2, 1, 1), generator=g)
        self.mask = (((yy - c[:, 0]) ** 2 + (xx - c[:, 1]) ** 2) < 12).float()
        noise = 0.4 * torch.randn(n, size, size, generator=g)
        self.image = self.mask + noise

    def __len__(self):
        return len(self.image)

    def __getitem__(self, i):
        return self.image[i].unsqueeze(0), self.mask[i].unsqueeze(0)


def block(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU()
    )


class TinyUNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.enc1 = block(1, c)
        self.enc2 = block(c, 2 * c)
        self.bottleneck = block(2 * c, 2 * c)
        self.dec = block(4 * c, c)
        self.head = nn.Conv2d(2 * c, 1, 1)
        self.activations = {}

    def forward(self, x):
        s1 = self.enc1(x)
        s2 = self.enc2(F.max_pool2d(s1, 2))
        b = self.bottleneck(s2).data  # HERE
        self.activations["bottleneck"] = b
        d = self.dec(torch.cat([b, s2], dim=1))
        d = F.interpolate(d, scale_factor=2)
        return self.head(torch.cat([d, s1], dim=1))


def train_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for image, mask in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(model(image), mask)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(image)
    return total / len(loader.dataset)


@torch.no_grad()
def dice(model, loader):
    model.eval()
    inter = union = 0.0
    for image, mask in loader:
        pred = (model(image) > 0).float()
        inter += 2 * (pred * mask).sum().item()
        union += (pred.sum() + mask.sum()).item()
    return inter / union


if __name__ == "__main__":
    torch.manual_seed(0)
    train = DataLoader(Discs(64), batch_size=16, shuffle=True)
    val = DataLoader(Discs(32, seed=1), batch_size=16)
    net = TinyUNet()
    opt = torch.optim.Adam(net.parameters(), lr=1e-2)
    for epoch in range(3):
        print(epoch, train_epoch(net, train, opt), dice(net, val))
