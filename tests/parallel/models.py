"""Models, batches and loops that the tests of many machines share."""

import torch
from torch import nn

TINY = dict(bucket_cap_mb=2e-4, first_bucket_cap_mb=1e-4)  # 200 bytes: many buckets


def network(seed=0, dtype=torch.float64):
    """A small network with numbers of its own for each seed."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3)
    ).to(dtype)


def samples(count, seed=1, dtype=torch.float64):
    """Inputs and targets."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, 4, generator=generator, dtype=dtype)
    return inputs, torch.randn(count, 3, generator=generator, dtype=dtype)


def loss_of(model, inputs, targets):
    """The mean squared error."""
    return ((model(inputs) - targets) ** 2).mean()


def part(here, *tensors):
    """This rank's samples: every n-th."""
    return [each[here.rank :: here.size] for each in tensors]


def numbers(module):
    """All parameters as one vector."""
    return torch.cat([p.data.reshape(-1) for p in module.parameters()])


def gradients(module):
    """All gradients as one vector, 0 for those that are not there."""
    found = [
        torch.zeros_like(p.data) if p.grad is None else p.grad.data
        for p in module.parameters()
    ]
    return torch.cat([each.reshape(-1) for each in found])


def train(model, optimizer, batches):
    """A step for each batch."""
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss_of(model, inputs, targets).backward()
        optimizer.step()


def close(actual, expected):
    """Equal but for the order of sums, in float64."""
    torch.testing.assert_close(actual, expected, rtol=1e-12, atol=1e-12)


def same(actual, expected):
    """Equal to the last bit."""
    torch.testing.assert_close(actual, expected, rtol=0, atol=0)
