import torch
import torch.nn.functional as F
from torch import nn


def fgsm(model, x, y, eps=0.1):
    x = x.clone().requires_grad_(True)
    loss = F.cross_entropy(model(x), y)
    (grad,) = torch.autograd.grad(loss, x)
    return (x + eps * grad.sign()).detach()


class Unit(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        out = self.fc(x)
        out += x
        return self.act(out)


def main():
    torch.manual_seed(0)
    x = torch.rand(300, 8)
    y = (x[:, :4].sum(1) > x[:, 4:].sum(1)).long()
    model = nn.Sequential(nn.Linear(8, 24), Unit(24), nn.Linear(24, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    history = []
    for epoch in range(6):
        for idx in torch.randperm(300).split(30):
            attacked = fgsm(model, x[idx], y[idx], eps=0.02)
            optimizer.zero_grad()
            clean = F.cross_entropy(model(x[idx]), y[idx])
            robust = F.cross_entropy(model(attacked), y[idx])
            clean.backward()
            robust.backward()
            optimizer.step()
            history.append((clean + robust).detach() / 2)
        print(f"epoch {epoch} {torch.stack(history[-10:]).mean().item():.4f}")


main()
