import torch
from torch import nn


def train_one_epoch(model, x, y, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)  # HERE
    model.train()
    for idx in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    return loss.item()


@torch.no_grad()
def validate(model, x, y):
    model.eval()
    return nn.functional.mse_loss(model(x), y).item()


def main():
    torch.manual_seed(0)
    x = torch.rand(400, 2) * 4 - 2
    y = (x[:, :1] * x[:, 1:]).tanh()
    model = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 1))
    for epoch in range(8):
        loss = train_one_epoch(model, x[:320], y[:320], lr=5e-3)  # HERE
        print(f"{epoch} train {loss:.4f} val {validate(model, x[320:], y[320:]):.4f}")


main()
