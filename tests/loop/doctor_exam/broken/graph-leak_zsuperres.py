"""Super resolution by a sub-pixel convolution, with a running meter."""

import torch
import torch.nn as nn


class AverageMeter:
    def __init__(self):
        self.sum = 0
        self.count = 0

    def update(self, value, n=1):
        self.sum = self.sum + value * n  # HERE
        self.count += n

    @property
    def avg(self):
        return self.sum / max(self.count, 1)


class ESPCN(nn.Module):
    def __init__(self, scale=2):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 5, padding=2),
            nn.Tanh(),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Tanh(),
        )
        self.up = nn.Sequential(
            nn.Conv2d(8, scale**2, 3, padding=1), nn.PixelShuffle(scale)
        )

    def forward(self, x):
        return self.up(self.body(x))


def images(n):
    t = torch.linspace(0, 6.28, 16)
    f = torch.rand(n, 1, 1) * 2 + 0.5
    p = torch.rand(n, 1, 1) * 6.28
    return torch.sin(f * t[:, None] + p).mul(torch.cos(f * t[None, :])).unsqueeze(1)


torch.manual_seed(21)
model = ESPCN()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
l1 = nn.L1Loss()
meter = AverageMeter()
for epoch in range(4):
    for _ in range(10):
        high = images(16)
        low = nn.functional.avg_pool2d(high, 2)
        optimizer.zero_grad()
        loss = l1(model(low), high)
        loss.backward()
        optimizer.step()
        meter.update(loss, high.size(0))  # HERE
    scheduler.step()
    print(f"Epoch {epoch} loss {float(meter.avg):.4f}")
