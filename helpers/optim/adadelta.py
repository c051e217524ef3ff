"""Adadelta: steps in the size of past steps, with no rate to choose."""

from helpers.optim.base.initial_state import zero_state
from helpers.optim.base.options import check_number
from helpers.optim.optimizer import Optimizer


class Adadelta(Optimizer):
    """Divide each gradient by its size so far, and multiply by the size of past steps.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: a number from 0 up or a tensor with one element (1.0), multiplies each step.
        rho: from 0 to 1 (0.9), how much of both means survives a step.
        eps: from 0 up (1e-6), added under both roots; the first step comes of it.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "square_avg" and "acc_delta", of its
    shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Zeiler (2012), algorithm 1, with a rate as in `torch.optim.Adadelta`.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = Adadelta([weight], rho=0.0, eps=0.01)
    >>> weight.grad = torch.tensor([1000.0, 10.0])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "square_avg", "acc_delta")

    def __init__(
        self,
        params,
        lr=1.0,
        rho=0.9,
        eps=1e-6,
        weight_decay=0,
        foreach=None,
        *,
        capturable=False,
        maximize=False,
        differentiable=False,
    ):
        options = dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay)
        options |= dict(maximize=maximize, capturable=capturable)
        options |= dict(foreach=foreach, differentiable=differentiable)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Means at zero, and no step made."""
        return zero_state(parameter, group, self.state_names[1:])

    def update(self, p, grad, state, options):
        """One step of Adadelta."""
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        rho, eps = options["rho"], options["eps"]
        square, moved = state["square_avg"], state["acc_delta"]
        square.mul_(rho).addcmul_(grad, grad, value=1 - rho)
        size = square.add(eps).sqrt_()
        step = moved.add(eps).sqrt_().div_(size).mul_(grad)
        moved.mul_(rho).addcmul_(step, step, value=1 - rho)
        p.add_(step, alpha=-options["lr"])

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "weight_decay"):
            check_number(name, options[name])
        check_number("rho", options["rho"], up_to=1.0)
