"""Small classifier evaluated by its exponential moving average."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


class EMA:
    def __init__(self, model, decay=0.95):
        self.decay = decay
        self.model = copy.deepcopy(model)
        self.model.requires_grad_(False)
        self.model.eval()

    @torch.no_grad()
    def update(self, model):
        for ema_p, p in zip(self.model.parameters(), model.parameters()):
            ema_p = self.decay * ema_p + (1 - self.decay) * p  # HERE


def rings(n):
    y = torch.randint(0, 3, (n,))
    angle = torch.rand(n) * 6.2832
    r = (y + 1.0) + 0.15 * torch.randn(n)
    return torch.stack([r * angle.cos(), r * angle.sin()], 1), y


def accuracy(model, x, y):
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


def main(steps=120):
    torch.manual_seed(12)
    net = nn.Sequential(
        nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 3)
    )
    ema = EMA(net)
    opt = torch.optim.AdamW(net.parameters(), lr=5e-3)
    test_x, test_y = rings(300)
    for step in range(1, steps + 1):
        x, y = rings(64)
        loss = F.cross_entropy(net(x), y, label_smoothing=0.05)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        ema.update(net)  # HERE
        if step % 40 == 0:
            acc = accuracy(ema.model, test_x, test_y)
            print(f"{step} loss {loss.item():.3f} ema acc {acc:.3f}")


main()
