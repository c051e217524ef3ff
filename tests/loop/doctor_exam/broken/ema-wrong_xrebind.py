import copy

import torch
from torch import nn


class ModelEma:
    def __init__(self, model, decay=0.9):
        self.shadow = copy.deepcopy(model).requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for avg, p in zip(self.shadow.parameters(), model.parameters()):
            avg = self.decay * avg + (1 - self.decay) * p  # HERE


def main():
    torch.manual_seed(0)
    x = torch.randn(256, 6)
    y = x.cos().sum(1, keepdim=True)
    model = nn.Sequential(nn.Linear(6, 32), nn.Mish(), nn.Linear(32, 1))
    ema = ModelEma(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(80):
        idx = torch.randint(256, (64,))
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)  # HERE
    with torch.no_grad():
        print("model ", nn.functional.mse_loss(model(x), y).item())
        print("shadow", nn.functional.mse_loss(ema.shadow(x), y).item())


main()
