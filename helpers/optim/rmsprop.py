"""RMSprop: divide by the root of the mean square of recent gradients."""

from helpers.optim.base.initial_state import zero_state
from helpers.optim.base.options import check_number
from helpers.optim.optimizer import Optimizer


class RMSprop(Optimizer):
    """Divide each gradient by the root of the mean of its latest squares.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-2).
        alpha: from 0 up (0.99), how much of the mean square survives a step.
        eps: from 0 up (1e-8), added to the root.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        momentum: from 0 up (0), how much of the last step survives.
        centered: bool (False), subtracts the square of the mean, so that the divisor is
            a standard deviation.
        capturable, foreach, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "square_avg", of its shape; with
    momentum "momentum_buffer"; if centered "grad_avg".

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Tieleman and Hinton (2012), lecture 6.5; centered: Graves (2013), with eps
    outside of the root as in `torch.optim.RMSprop`. Chapter 07 builds it.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = RMSprop([weight], lr=0.01)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "square_avg", "momentum_buffer", "grad_avg")
    added_later = {**Optimizer.added_later, "momentum": 0, "centered": False}

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        capturable=False,
        foreach=None,
        maximize=False,
        differentiable=False,
    ):
        options = dict(lr=lr, momentum=momentum, alpha=alpha, eps=eps)
        options |= dict(centered=centered, weight_decay=weight_decay)
        options |= dict(capturable=capturable, foreach=foreach)
        options |= dict(maximize=maximize, differentiable=differentiable)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Means and buffer at zero, and no step made."""
        names = ["square_avg"]
        names += ["momentum_buffer"] * bool(group["momentum"] > 0)
        names += ["grad_avg"] * bool(group["centered"])
        return zero_state(parameter, group, names)

    def update(self, p, grad, state, options):
        """One step of RMSprop."""
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        alpha, square = options["alpha"], state["square_avg"]
        square.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
        if options["centered"]:
            mean = state["grad_avg"].lerp_(grad, 1 - alpha)
            square = square.addcmul(mean, mean, value=-1)
        scale = square.sqrt().add_(options["eps"])
        if options["momentum"] > 0:
            buf = state["momentum_buffer"].mul_(options["momentum"])
            buf.addcdiv_(grad, scale)
            p.add_(buf, alpha=-options["lr"])
        else:
            p.addcdiv_(grad, scale, value=-options["lr"])

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "momentum", "weight_decay", "alpha"):
            check_number(name, options[name])
