"""Neural ODE by hand (RK4), momentum SGD by hand under no_grad, truncated in time."""

import torch
from torch import nn

torch.manual_seed(0)
field = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 2))
true_A = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
velocity = [torch.zeros_like(p) for p in field.parameters()]
lr, beta, dt, clip = 0.08, 0.9, 0.05, 1.0


def rk4(f, y, h):
    k1 = f(y)
    k2 = f(y + h / 2 * k1)
    k3 = f(y + h / 2 * k2)
    k4 = f(y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def solve(f, y, steps):
    out = []
    for _ in range(steps):
        y = rk4(f, y, dt)
        out.append(y)
    return torch.stack(out), y


for it in range(48):
    y0 = torch.randn(16, 2)
    with torch.no_grad():
        target, _ = solve(lambda y: y @ true_A.t(), y0, 12)
    state, total = y0, 0.0
    for chunk in target.split(6):
        pred, state = solve(field, state, len(chunk))
        loss = (pred - chunk).abs().mean()
        for p in field.parameters():
            p.grad = None
        loss.backward()
        state = state.detach()
        with torch.no_grad():
            norm = torch.stack([p.grad.norm() for p in field.parameters()]).norm()
            scale = min(1.0, clip / (norm.item() + 1e-6))
            for p, v in zip(field.parameters(), velocity):
                v.mul_(beta).add_(p.grad, alpha=scale)
                p -= lr * v
        total += loss.item()
    if it % 12 == 11:
        print(f"iter {it + 1} loss {total / 2:.4f}")
