import torch
from torch import nn


class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=1e-2)

    def step(self, x, y):
        def closure():
            self.opt.zero_grad()
            loss = nn.functional.cross_entropy(self.model(x), y)
            loss.backward()
            return loss

        return self.opt.step(closure)


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(300, 5)
    y = (x[:, 0] > x[:, 1]).long()
    trainer = Trainer(nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 2)))
    for epoch in range(5):
        for idx in torch.randperm(300).split(30):
            loss = trainer.step(x[idx], y[idx])
        print(epoch, loss.item())
