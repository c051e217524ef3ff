"""Stochastic gradient descent, with all that the years have added to it."""

from helpers.optim.base.options import check_finite, check_number
from helpers.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Move along the gradient, or along a running sum of gradients.

    `params` as for `Optimizer`. `lr`, the learning rate, is a number from 0 up or a
    tensor with one element. `momentum` (0 up): how much of the buffer survives a step.
    `dampening`: how much of each gradient but the first is kept out of the buffer.
    `weight_decay` (0 up) adds that multiple of the parameters to the gradient.
    `nesterov` looks one step of momentum ahead; it needs momentum and no dampening.
    `maximize` goes uphill. `foreach`, `fused`, `differentiable`: see `helpers.optim`.

    State of a parameter: "momentum_buffer", of its shape, from its first step on. Takes
    sparse gradients. Raises `ValueError` or `TypeError` for options that make no sense.

    Source: `torch.optim.SGD`, whose momentum is that of Sutskever et al. (2013) with
    the rate outside of the buffer. Chapter 06 builds it.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    >>> optimizer = SGD([weight], lr=0.5, momentum=0.9)
    >>> for _ in range(2):
    ...     weight.grad = torch.ones(2)
    ...     optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [-0.45, 0.55]
    """

    state_names = ("momentum_buffer",)
    takes_sparse = True
    added_later = {**Optimizer.added_later, "fused": False, "nesterov": False}

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0,
        dampening=0,
        weight_decay=0,
        nesterov=False,
        *,
        maximize=False,
        foreach=None,
        differentiable=False,
        fused=None,
    ):
        options = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, options)

    def update(self, p, d_p, state, at):
        """One step of SGD: the parameters p, and their derivatives d_p."""
        if at["weight_decay"] != 0:
            d_p = d_p.add(p, alpha=at["weight_decay"])
        if at["momentum"] != 0:
            if "momentum_buffer" not in state:
                buf = state["momentum_buffer"] = d_p.clone()
            else:
                buf = state["momentum_buffer"]
                buf.mul_(at["momentum"]).add_(d_p, alpha=1 - at["dampening"])
            d_p = d_p.add(buf, alpha=at["momentum"]) if at["nesterov"] else buf
        p.add_(d_p, alpha=-at["lr"])

    def remembers(self, group):
        """Whether there is momentum: without it nothing is kept."""
        return group["momentum"] != 0

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "momentum", "weight_decay"):
            check_number(name, options[name])
        check_finite("dampening", options["dampening"])
        if options["nesterov"] and not (
            options["momentum"] > 0 and options["dampening"] == 0
        ):
            raise ValueError(
                "Nesterov momentum requires a momentum and zero dampening; given are "
                f"momentum={options['momentum']} and dampening={options['dampening']}: "
                "set momentum=0.9 and leave dampening out, or drop nesterov=True"
            )
