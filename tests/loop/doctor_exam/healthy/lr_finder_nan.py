# the range test runs through to the end, also when the loss overflows
import torch
from torch import nn

torch.manual_seed(0)
X, y = torch.randn(256, 8) * 3, torch.randn(256, 1)
net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=1e-5)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=1.15)
lrs, losses = [], []
for i in range(100):
    idx = torch.randint(0, 256, (32,))
    loss = nn.functional.mse_loss(net(X[idx]), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    lrs.append(sched.get_last_lr()[0])
    losses.append(loss.item())
    sched.step()

net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=1e-3)
for i in range(60):
    idx = torch.randint(0, 256, (32,))
    loss = nn.functional.mse_loss(net(X[idx]), y[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
