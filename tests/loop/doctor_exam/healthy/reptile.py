import copy

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
meta_lr = 0.2


def task():
    amp, phase = torch.rand(1) * 4 + 0.1, torch.rand(1) * 3.14
    x = torch.rand(20, 1) * 10 - 5
    return x, amp * torch.sin(x + phase)


for it in range(30):
    before = copy.deepcopy(net.state_dict())
    x, y = task()
    inner = torch.optim.SGD(net.parameters(), lr=0.02)
    for k in range(5):
        inner.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        inner.step()
    after = net.state_dict()
    net.load_state_dict(
        {n: before[n] + (after[n] - before[n]) * meta_lr for n in before}
    )
print(loss.item())
