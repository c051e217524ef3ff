import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(24)
x = torch.randn(256, 8)
y = (x[:, 0] > x[:, 1]).long()
tr = DataLoader(TensorDataset(x[:192], y[:192]), batch_size=32, shuffle=True)
va = DataLoader(TensorDataset(x[192:], y[192:]), batch_size=32)
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Dropout(0.1), nn.Linear(24, 2))
opt = torch.optim.Adam(model.parameters(), lr=3e-3)


def saliency(batch):
    model.eval()
    xb, yb = batch[0].clone().requires_grad_(True), batch[1]
    F.cross_entropy(model(xb), yb).backward()  # HERE
    return xb.grad.abs().mean(0)


for epoch in range(4):
    model.train()
    for xb, yb in tr:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
    print(epoch, loss.item(), saliency(next(iter(va))).tolist())  # HERE
