"""Meta-learning: inner steps that rebind the weights on purpose, with create_graph."""

import math

import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 1))
meta = torch.optim.Adam(model.parameters(), lr=5e-3)


def task():
    amplitude, phase = 0.5 + 2 * torch.rand(1), math.pi * torch.rand(1)

    def sample():
        x = 6 * torch.rand(12, 1) - 3
        return x, amplitude * torch.sin(x + phase)

    return sample(), sample()


def adapt(x, y, inner_lr=0.1):
    weights = dict(model.named_parameters())
    for _ in range(2):
        loss = nn.functional.mse_loss(functional_call(model, weights, (x,)), y)
        gradients = torch.autograd.grad(loss, weights.values(), create_graph=True)
        weights = {
            name: w - inner_lr * g for (name, w), g in zip(weights.items(), gradients)
        }
    return weights


recent = []
for step in range(60):
    meta.zero_grad()
    meta_loss = 0.0
    for _ in range(3):
        (x, y), (x_query, y_query) = task()
        prediction = functional_call(model, adapt(x, y), (x_query,))
        meta_loss = meta_loss + nn.functional.mse_loss(prediction, y_query)
    (meta_loss / 3).backward()
    meta.step()
    recent.append(meta_loss.item() / 3)
    if step % 20 == 19:
        print(f"{step + 1}: {sum(recent[-20:]) / 20:.4f}")
