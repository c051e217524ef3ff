"""Two moons, with the size of each layer's gradient written to a log."""

import torch
from torch import nn


def moons(count):
    angle = torch.rand(count) * 3.1416
    label = torch.randint(2, (count,))
    sign = 1.0 - 2.0 * label
    x = torch.stack([torch.cos(angle) * sign + label, torch.sin(angle) * sign], 1)
    return x + 0.1 * torch.randn_like(x), label


def log_gradients(model, step):
    for name, parameter in model.named_parameters():
        size = parameter.grad.abs().mean().item()  # HERE
        print(f"  {step:4d} {name:10s} {size:.5f}")


def main():
    torch.manual_seed(5)
    x, y = moons(200)
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    for step in range(1, 201):
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if step % 50 == 0:
            print(f"step {step}: {loss.item():.4f}")
            log_gradients(model, step)


main()
