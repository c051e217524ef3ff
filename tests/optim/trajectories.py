"""Parameters, gradients for many steps, and what an optimizer makes of them.

The parameters differ in shape and in memory layout. Now and then one has no gradient,
another one only zeros.
"""

from functools import cache

import torch

from tests.optim.optimizers import snapshot

STEPS = (1, 10, 100)


@cache
def starts(dtype):
    """Where the parameters start: transposed, 0-d, channels last."""
    chance = torch.Generator().manual_seed(3)
    shapes = (4, 3), (), (2, 3, 2, 2)
    drawn = [torch.randn(shape, generator=chance, dtype=dtype) for shape in shapes]
    last = drawn[2].contiguous(memory_format=torch.channels_last)
    return drawn[0].t(), drawn[1], last


@cache
def gradients(dtype, steps=STEPS[-1]):
    """The gradients of each step, one for each parameter; None where there is none."""
    chance = torch.Generator().manual_seed(4)
    return [gradients_of(dtype, chance, step) for step in range(steps)]


def gradients_of(dtype, chance, step):
    """The gradients of one step."""
    drawn = [
        torch.randn(each.shape, generator=chance, dtype=dtype) for each in starts(dtype)
    ]
    if step % 5 == 2:
        drawn[0] = torch.zeros_like(drawn[0])
    if step % 3 != 1:  # so it is a step behind the others from the first
        drawn[1] = None
    return drawn


def travel(world, optimizer, parameters, gradients):
    """Make a step for each list of gradients."""
    for each in gradients:
        world.give(parameters, each)
        optimizer.step()


def snapshots(world, method, options, dtype, steps=STEPS):
    """What parameters and state are after each number of steps."""
    parameters = world.parameters(*starts(dtype))
    optimizer = world.make(method, parameters, **options)
    taken, done = [], 0
    for until in steps:
        travel(world, optimizer, parameters, gradients(dtype)[done:until])
        taken.append(snapshot(optimizer))
        done = until
    return taken
