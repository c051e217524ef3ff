import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(320, 10)
y = X @ torch.randn(10, 1) + 1
loader = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
criterion = nn.MSELoss()


def find_lr(model, optimizer, loader, start=1e-4, end=10.0, num=80):
    state = copy.deepcopy(model.state_dict())
    opt_state = copy.deepcopy(optimizer.state_dict())
    mult = (end / start) ** (1 / num)
    lr, avg, best, lrs, losses = start, 0.0, 1e9, [], []
    it = iter(loader)
    for i in range(1, num + 1):
        try:
            xb, yb = next(it)
        except StopIteration:
            it = iter(loader)
            xb, yb = next(it)
        for group in optimizer.param_groups:
            group["lr"] = lr
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        avg = 0.9 * avg + 0.1 * loss.item()
        smooth = avg / (1 - 0.9**i)
        if i > 1 and smooth > 50 * best:
            break
        best = min(best, smooth)
        lrs.append(lr)
        losses.append(smooth)
        loss.backward()
        optimizer.step()
        lr *= mult
    model.load_state_dict(state)
    optimizer.load_state_dict(opt_state)
    return lrs[losses.index(min(losses))] / 10


lr = find_lr(model, optimizer, loader)
print("suggested", lr)
for group in optimizer.param_groups:
    group["lr"] = lr
for epoch in range(5):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
