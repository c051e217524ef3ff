"""ASGD: SGD with a rate that falls, and the mean of where it has been."""

import math

import torch

from helpers.optim.base.initial_state import (
    dtype_of_counts,
    numbers_to_tensors,
    zeros_of,
)
from helpers.optim.base.options import as_scalar, check_between, check_number
from helpers.optim.base.parameters import array_of
from helpers.optim.optimizer import Optimizer


class ASGD(Optimizer):
    """Go along each gradient at a falling rate; keep the mean of the parameters too.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-2).
        lambd: from 0 up (1e-4), shrinks the parameters, and makes the rate fall.
        alpha: from 0 up (0.75), the power with which it falls.
        t0: a number (1e6), the step from which on parameters are averaged, infinity for
            never; until then the mean is the latest.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", "eta", the rate of the next step, and "mu", the weight
    of the next parameters in the mean, 0-d tensors on the parameter's device; "ax", the
    mean, of its shape. A step reads the three from there.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Polyak and Juditsky (1992), with the schedule of Bottou (2012), section 5,
    as in `torch.optim.ASGD`. torch's lists join lambd to the gradient, and compute the
    rate in the precision of "step", as here with foreach=True. Departure: `lambd` and
    `alpha` below 0 are refused, as in PyTorch from 2.15 on.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0]))
    >>> optimizer = ASGD([weight], lr=0.1, lambd=0.0, t0=0)
    >>> for _ in range(3):
    ...     weight.grad = torch.ones(1)
    ...     optimizer.step()
    >>> round(weight.item(), 4), round(optimizer.state[weight]["ax"].item(), 4)
    (0.7, 0.75)
    """

    state_names = ("step", "eta", "mu", "ax")
    number_names = ("eta", "mu")

    def __init__(
        self,
        params,
        lr=1e-2,
        lambd=1e-4,
        alpha=0.75,
        t0=1e6,
        weight_decay=0,
        foreach=None,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
        options = dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0)
        options |= dict(weight_decay=weight_decay, foreach=foreach, maximize=maximize)
        options |= dict(differentiable=differentiable, capturable=capturable)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """No step made, the whole rate, and a mean that is the latest."""
        place = {"dtype": dtype_of_counts(), "device": array_of(parameter).device}
        step = torch.zeros((), **place)
        rate = torch.as_tensor(as_scalar(group["lr"]), dtype=step.dtype).detach()
        eta = torch.zeros_like(step).copy_(rate)
        mean = zeros_of(parameter, group)
        return {"step": step, "eta": eta, "mu": torch.ones_like(step), "ax": mean}

    def step_constants(self, group, step):
        """The rate of the next step, and the weight of what it finds in the mean."""
        lr, count = as_scalar(group["lr"]), step
        if group["foreach"]:
            count = torch.as_tensor(count, dtype=dtype_of_counts())
        beyond = step - group["t0"]
        is_tensor = isinstance(step, torch.Tensor)
        beyond = beyond.clamp(min=1) if is_tensor else max(1, beyond)
        fallen = (1 + group["lambd"] * lr * count) ** group["alpha"]
        rounded = map(torch.as_tensor, (lr / fallen, 1 / beyond))  # as torch does
        return dict(zip(("next_eta", "next_mu"), rounded, strict=True))

    def update(self, p, grad, state, options):
        """One step of ASGD."""
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        if options["foreach"]:
            grad = grad.add(p, alpha=options["lambd"])
            p.addcmul_(grad, state["eta"], value=-1)
            state["ax"].addcmul_(p.add(state["ax"], alpha=-1), state["mu"])
        else:
            eta, mu = state["eta"].item(), state["mu"].item()
            p.mul_(1 - options["lambd"] * eta).add_(grad, alpha=-eta)
            move_mean(state["ax"], p, mu)
        state["eta"].fill_(options["next_eta"])
        state["mu"].fill_(options["next_mu"])

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "weight_decay", "lambd", "alpha"):
            check_number(name, options[name])
        check_between("t0", options["t0"], -math.inf, math.inf, "Invalid t0 value")

    def __setstate__(self, state):
        super().__setstate__(state)
        numbers_to_tensors(self, device=None)


def move_mean(mean, p, weight):
    """Move a mean towards `p` by a weight; with weight 1 it becomes `p`, to the bit."""
    if isinstance(weight, float) and weight == 1:
        mean.copy_(p)
    else:
        mean.add_(p.add(mean, alpha=-1).mul_(weight))
