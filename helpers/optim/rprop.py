"""Rprop: the signs of gradients, and a step of its own for each element."""

import torch

from helpers.optim.base.initial_state import step_count, zeros_of
from helpers.optim.base.options import as_scalar, check_number, number_of, pair_of
from helpers.optim.base.parameters import array_of
from helpers.optim.optimizer import Optimizer


class Rprop(Optimizer):
    """Step against the sign of each gradient: longer while it stays, shorter if not.

    Made for gradients of the whole data: noise alone turns signs around.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: the first step of each element, a number from 0 up or a tensor with one
            element (1e-2).
        etas: two numbers, the first between 0 and 1, the second above 1 (0.5, 1.2):
            they multiply a step where the sign has changed, and where it has not.
        step_sizes: the shortest and the longest step (1e-6, 50).
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "prev", the last gradient, 0 where its
    sign had changed, and "step_size", of its shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Riedmiller and Braun (1993); without a way back after a change of sign, as
    in `torch.optim.Rprop`.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = Rprop([weight], lr=0.1)
    >>> for gradient in ([1000.0, 1.0], [0.001, -1.0]):
    ...     weight.grad = torch.tensor(gradient)
    ...     optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.78, 0.9]
    """

    state_names = ("step", "prev", "step_size")

    def __init__(
        self,
        params,
        lr=1e-2,
        etas=(0.5, 1.2),
        step_sizes=(1e-6, 50),
        *,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        etas = pair_of("etas", etas, "numbers", (0.5, 1.2))
        step_sizes = pair_of("step_sizes", step_sizes, "numbers", (1e-6, 50))
        options = dict(lr=lr, etas=etas, step_sizes=step_sizes, foreach=foreach)
        options |= dict(maximize=maximize, differentiable=differentiable)
        super().__init__(params, options | dict(capturable=capturable))

    def init_state(self, parameter, group):
        """No gradient before, and steps of the rate."""
        gradient = parameter.grad
        gradient = gradient if group["differentiable"] else array_of(gradient)
        rate = number_of(group["lr"])
        rate = complex(rate, rate) if gradient.is_complex() else rate
        return {
            "step": step_count(parameter, group),
            "prev": zeros_of(parameter, group),
            "step_size": torch.full_like(gradient, rate),
        }

    def step_constants(self, group, step):
        """The factors and bounds of the steps, apart."""
        shorter, longer = map(as_scalar, group["etas"])
        shortest, longest = map(as_scalar, group["step_sizes"])
        names = "shorter", "longer", "shortest", "longest"
        return dict(zip(names, (shorter, longer, shortest, longest), strict=True))

    def update(self, p, grad, state, options):
        """One step of Rprop."""
        factor = grad.mul(state["prev"]).sign()
        turned = factor.lt(0)
        factor.masked_fill_(factor.gt(0), options["longer"])
        factor.masked_fill_(factor.eq(0), 1).masked_fill_(turned, options["shorter"])
        bounds = dict(min=options["shortest"], max=options["longest"])
        size = state["step_size"].mul_(factor).clamp_(**bounds)
        grad = grad.masked_fill(turned, 0)  # so that the next step is taken as it is
        p.addcmul_(grad.sign(), size, value=-1)
        state["prev"].copy_(grad)

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        check_number("lr", options["lr"])
        shorter, longer = options["etas"]
        if not 0.0 < shorter < 1.0 < longer:
            raise ValueError(
                f"Invalid eta values: {shorter}, {longer}. etas is a number between 0 "
                "and 1 and one above 1, which shorten and lengthen a step: pass "
                "etas=(0.5, 1.2)"
            )
