"""SGD with weight decay, momentum, dampening and Nesterov's look-ahead."""

import torch

from helpers.optim.base.options import check_finite, check_number
from helpers.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Move along the gradient, or along a running sum of gradients.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-3).
        momentum: from 0 up (0), how much of the buffer survives a step.
        dampening: finite (0), how much of each gradient but the first is kept out of
            the buffer.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        nesterov: bool (False), looks one step of momentum ahead; it needs momentum and
            no dampening.
        maximize: bool (False), goes uphill.
        foreach, differentiable, fused: how a step is run, see `helpers.optim`.

    State of a parameter: "momentum_buffer", of its shape, from its first step on. Takes
    sparse gradients.

    Raises: `ValueError` or `TypeError` for options that make no sense.

    Source: `torch.optim.SGD`, whose momentum is that of Sutskever, Martens, Dahl and
    Hinton (2013), with the rate outside of the buffer. Chapter 06 builds it.

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
    supports_sparse = True
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
        options = dict(lr=lr, momentum=momentum, dampening=dampening)
        options |= dict(weight_decay=weight_decay, nesterov=nesterov, maximize=maximize)
        options |= dict(foreach=foreach, differentiable=differentiable, fused=fused)
        super().__init__(params, options)

    def update(self, p, grad, state, options):
        """One step of SGD."""
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        if options["momentum"] != 0:
            if "momentum_buffer" not in state:
                buf = state["momentum_buffer"] = grad.clone()
            else:
                buf = state["momentum_buffer"]  # Sutskever et al., eqn 1
                buf.mul_(options["momentum"]).add_(grad, alpha=1 - options["dampening"])
            ahead = options["nesterov"]  # their eqn 3
            grad = grad.add(buf, alpha=options["momentum"]) if ahead else buf
        p.add_(grad, alpha=-options["lr"])  # their eqn 2

    def fused_step(self, parameters, grads, state, options):
        """The same for lists, in torch's kernel (fused=True)."""
        names = "lr", "momentum", "weight_decay", "dampening", "nesterov", "maximize"
        buffers = state["momentum_buffer"] if options["momentum"] != 0 else []
        numbers = {name: options[name] for name in names}
        torch._fused_sgd_(parameters, grads, buffers, is_first_step=False, **numbers)

    def has_state(self, group):
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
