"""One step of an optimizer, `helpers.optim` beside `torch.optim`.

With this module one can: make candidates for a step of SGD with momentum or of Adam,
over the parameters of a ResNet-18 (`resnet_sgd`, `resnet_adam`) or over 500 parameters
of 1,000 elements (`many_sgd`, `many_adam`). Each parameter has a gradient of its own,
as `backward()` leaves it; each candidate has parameters of its own.
"""

from functools import partial

import torch

import helpers.optim
from helpers.optim.execution.state import advance_steps

MANY = [(1_000,)] * 500


def resnet_18() -> list[tuple[int, ...]]:
    """The shapes of the 62 parameters of a ResNet-18 with 1,000 classes.

    >>> sum(torch.Size(shape).numel() for shape in resnet_18())
    11689512
    """
    shapes, before = [(64, 3, 7, 7), (64,), (64,)], 64
    for width in (64, 128, 256, 512):
        for block in range(2):
            inside = before if block == 0 else width
            shapes += convolution(width, inside, 3) + convolution(width, width, 3)
            if inside != width:
                shapes += convolution(width, inside, 1)
        before = width
    return [*shapes, (1_000, 512), (1_000,)]


def convolution(after, before, size):
    """The shapes of a convolution without bias and of the batch norm behind it."""
    return [(after, before, size, size), (after,), (after,)]


def candidates(name, options, shapes) -> dict:
    """A step in each form that torch has and in ours; torch's quickest first.

    The bare kernel is the floor: torch's lists in torch's kernel, and nothing around.
    """
    forms = {
        "torch, fused": (torch.optim, {"fused": True}),
        "torch, default": (torch.optim, {}),
        "torch, loop": (torch.optim, {"foreach": False}),
        "torch, foreach": (torch.optim, {"foreach": True}),
        "ours, default": (helpers.optim, {}),
        "ours, loop": (helpers.optim, {"foreach": False}),
        "ours, foreach": (helpers.optim, {"foreach": True}),
        "ours, fused": (helpers.optim, {"fused": True}),
    }
    steps = {
        form: step_of(getattr(module, name), {**options, **wish}, shapes)
        for form, (module, wish) in forms.items()
    }
    return {**steps, "bare kernel": kernel_of(name, options, shapes)}


def after_two_steps(optimizer, options, shapes, is_sparse=False):
    """A new optimizer over new parameters after two steps, so that state is there.

    A sparse gradient has 100 rows.
    """
    numbers = torch.Generator().manual_seed(0)
    parameters = []
    for shape in shapes:
        parameter = torch.nn.Parameter(torch.randn(shape, generator=numbers))
        parameter.grad = torch.randn(shape, generator=numbers)
        if is_sparse:
            parameter.grad[100:] = 0
            parameter.grad = parameter.grad.to_sparse(1)
        parameters.append(parameter)
    made = optimizer(parameters, **options)
    made.step()
    made.step()
    return made, parameters


def step_of(optimizer, options, shapes, is_sparse=False):
    """A step of a new optimizer over new parameters; it returns the last of them."""
    made, parameters = after_two_steps(optimizer, options, shapes, is_sparse)

    def run():
        made.step()
        return parameters[-1].detach()

    return run


def kernel_of(name, options, shapes):
    """The same in torch's kernel alone, over lists that are there already."""
    kind = getattr(helpers.optim, name)
    made, parameters = after_two_steps(kind, {**options, "fused": True}, shapes)
    gradients = [each.grad for each in parameters]
    states = [made.state[each] for each in parameters]
    lists = {key: [each[key] for each in states] for key in states[0]}
    (group,) = made.param_groups

    @torch.no_grad()
    def run():
        if "step" in lists:
            advance_steps(lists["step"])
        made.fused_step(parameters, gradients, lists, group)
        return parameters[-1].detach()

    return run


MOMENTUM = {"lr": 0.01, "momentum": 0.9}

resnet_sgd = partial(candidates, "SGD", MOMENTUM, resnet_18())
resnet_adam = partial(candidates, "Adam", {"lr": 1e-3}, resnet_18())
many_sgd = partial(candidates, "SGD", MOMENTUM, MANY)
many_adam = partial(candidates, "Adam", {"lr": 1e-3}, MANY)
