"""Domain-adversarial training: a reversed gradient and one optimizer."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class ReverseGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return -ctx.strength * grad_output, None


class DANN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 16))
        self.label = nn.Linear(16, 2)
        self.domain = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x, strength):
        f = torch.relu(self.features(x))
        return self.label(f), self.domain(ReverseGradient.apply(f, strength))


def moons(n, angle):
    y = torch.randint(0, 2, (n,))
    t = math.pi * torch.rand(n)
    side = 1.0 - 2.0 * y
    x = torch.stack([t.cos() * side + 0.5 * y, t.sin() * side + 0.3 * y], 1)
    c, s = math.cos(angle), math.sin(angle)
    return x @ torch.tensor([[c, -s], [s, c]]) + 0.05 * torch.randn(n, 2), y


def main(epochs=4):
    torch.manual_seed(0)
    source = DataLoader(TensorDataset(*moons(256, 0.0)), batch_size=32, shuffle=True)
    target = DataLoader(TensorDataset(*moons(256, 0.5)), batch_size=32, shuffle=True)
    model = DANN()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    steps = epochs * len(source)
    for epoch in range(epochs):
        for i, ((xs, ys), (xt, _)) in enumerate(zip(source, target)):
            p = (epoch * len(source) + i) / steps
            strength = 2.0 / (1.0 + math.exp(-10 * p)) - 1
            optimizer.zero_grad()
            label, from_source = model(xs, strength)
            _, from_target = model(xt, strength)
            err_label = F.cross_entropy(label, ys)
            domain = torch.cat([from_source, from_target]).squeeze(1)
            is_target = torch.cat([torch.zeros(len(xs)), torch.ones(len(xt))])
            err_domain = F.binary_cross_entropy_with_logits(domain, is_target)
            (err_label + err_domain).backward()
            optimizer.step()
        print(epoch, err_label.item(), err_domain.item())


main()
