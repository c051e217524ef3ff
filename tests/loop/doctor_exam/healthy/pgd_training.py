import torch
from torch import nn

torch.manual_seed(0)
X = torch.randn(128, 10)
y = (X[:, 0] + X[:, 1] > 0).long()
model = nn.Sequential(
    nn.Linear(10, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2)
)
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
criterion = nn.CrossEntropyLoss()


def pgd(model, x, target, eps=0.3, alpha=0.1, steps=3):
    model.eval()
    delta = torch.zeros_like(x).uniform_(-eps, eps).requires_grad_(True)
    for _ in range(steps):
        loss = criterion(model(x + delta), target)
        loss.backward()
        delta.data = (delta.data + alpha * delta.grad.sign()).clamp(-eps, eps)
        delta.grad.zero_()
    model.train()
    return (x + delta).detach()


for epoch in range(8):
    for i in range(0, 128, 32):
        xb, yb = X[i : i + 32], y[i : i + 32]
        adv = pgd(model, xb, yb)
        opt.zero_grad()
        loss = criterion(model(adv), yb)
        loss.backward()
        opt.step()
model.eval()
adv = pgd(model, X, y)
model.eval()
with torch.no_grad():
    print(
        (model(X).argmax(1) == y).float().mean(),
        (model(adv).argmax(1) == y).float().mean(),
    )
