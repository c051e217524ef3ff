"""Predict the residual between two pictures, with autocast."""

import argparse

import torch
import torch.nn.functional as F
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=40)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--weight", type=float, default=1e-4)
args = parser.parse_args()


class ResidualNet(nn.Module):
    def __init__(self, size=256):
        super().__init__()
        self.encode = nn.Linear(size, 32)
        self.decode = nn.Linear(32, size)

    def forward(self, x):
        return self.decode(torch.tanh(self.encode(x)))


def make_batch(mixing, count=128):
    picture = torch.randn(count, 256)
    return picture, torch.tanh(picture @ mixing)


torch.manual_seed(0)
mixing = torch.randn(256, 256) / 16
model = ResidualNet()
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
for step in range(args.steps):
    picture, residual = make_batch(mixing)
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.float16):  # HERE
        prediction = model(picture)  # HERE
        loss = args.weight * F.mse_loss(prediction.float(), residual)
    loss.backward()  # HERE
    optimizer.step()
    if step % 10 == 0:
        zeros = [(p.grad == 0).float().mean().item() for p in model.parameters()]
        shares = " ".join(f"{share:.2f}" for share in zeros)
        print(f"step {step}: loss {loss.item():.3e} zero gradients {shares}")
