"""What tests of closures share: a right one, an optimizer."""

import pytest
import torch

from helpers.optim import LBFGS
from tests.optim.optimizers import OUR_WORLDS

WORLDS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
START = torch.tensor([3.0, -2.0], dtype=torch.float64)


def loss_of(weight):
    return (weight * weight).sum() + (weight * weight * weight * weight).sum()


def made(world, method=LBFGS, **options):
    """A parameter and an optimizer over it."""
    weight = world.parameter(START)
    options = options or ({"lr": 0.01} if method is not LBFGS else {"max_iter": 5})
    return weight, method([weight], **options)


def right(weight, optimizer):
    """A closure as it should be."""

    def closure():
        optimizer.zero_grad()
        loss = loss_of(weight)
        loss.backward()
        return loss

    return closure
