import copy

import torch
from torch import nn


class Ema:
    def __init__(self, model, decay=0.98):
        self.model = copy.deepcopy(model).eval()
        for p in self.model.parameters():
            p.requires_grad_(False)
        self.decay, self.updates = decay, 0

    @torch.no_grad()
    def update(self, model):
        self.updates += 1
        d = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for shadow, p in zip(self.model.parameters(), model.parameters()):
            shadow.lerp_(p, 1 - d)
        for shadow, buf in zip(self.model.buffers(), model.buffers()):
            shadow.copy_(buf)


def main():
    torch.manual_seed(0)
    x = torch.rand(300, 4) * 2 - 1
    y = (3 * x[:, :1]).sin() + x[:, 1:2]
    model = nn.Sequential(
        nn.Linear(4, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, 1)
    )
    ema = Ema(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(10):
        model.train()
        for idx in torch.randperm(300).split(50):
            loss = nn.functional.l1_loss(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            ema.update(model)
        with torch.no_grad():
            val = nn.functional.l1_loss(ema.model(x), y).item()
        print(f"epoch {epoch} train {loss.item():.4f} ema {val:.4f}")


main()
