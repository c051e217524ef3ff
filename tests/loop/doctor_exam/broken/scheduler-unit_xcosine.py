from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Config:
    epochs: int = 12
    batch_size: int = 20
    lr: float = 0.05


class Runner:
    def __init__(self, cfg, model):
        self.cfg, self.model = cfg, model
        self.optimizer = torch.optim.SGD(model.parameters(), lr=cfg.lr, momentum=0.9)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(  # HERE
            self.optimizer, T_max=cfg.epochs
        )

    def run(self, loader):
        for epoch in range(self.cfg.epochs):
            for x, y in loader:
                self.optimizer.zero_grad()
                loss = nn.functional.mse_loss(self.model(x), y)
                loss.backward()
                self.optimizer.step()
                self.scheduler.step()  # HERE
            lr = self.optimizer.param_groups[0]["lr"]
            print(f"epoch {epoch:2d} loss {loss.item():.4f} lr {lr:.5f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    cfg = Config()
    x = torch.randn(200, 3)
    y = (x[:, :1] - x[:, 1:2]).tanh()
    data = torch.utils.data.TensorDataset(x, y)
    loader = torch.utils.data.DataLoader(data, cfg.batch_size, shuffle=True)
    Runner(cfg, nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))).run(
        loader
    )
