"""Adamax: Adam with the largest recent gradient in place of a mean square."""

from helpers.optim.base.initial_state import zero_state
from helpers.optim.base.moments import check_betas
from helpers.optim.base.options import as_scalar, check_number, pair_of
from helpers.optim.optimizer import Optimizer


class Adamax(Optimizer):
    """Divide the mean of the gradients by the largest of them, which fades slowly.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (2e-3).
        betas: two numbers from 0 up to but not including 1 (0.9, 0.999): how much of
            the mean, and of the largest gradient, survives a step.
        eps: from 0 up (1e-8), added to the size of each gradient.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "exp_avg" and "exp_inf", of its shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Kingma and Ba (2015), algorithm 2; `eps` is that of `torch.optim.Adamax`.

    >>> import torch
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = Adamax([weight], lr=0.1)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "exp_avg", "exp_inf")

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        foreach=None,
        *,
        maximize=False,
        differentiable=False,
        capturable=False,
    ):
        options = dict(lr=lr, betas=pair_of("betas", betas), eps=eps)
        options |= dict(weight_decay=weight_decay)
        options |= dict(foreach=foreach, maximize=maximize)
        options |= dict(differentiable=differentiable, capturable=capturable)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Mean and largest gradient at zero, and no step made."""
        return zero_state(parameter, group, self.state_names[1:])

    def step_constants(self, group, step):
        """What corrects a mean that started at zero; the largest needs none."""
        beta1, beta2 = map(as_scalar, group["betas"])
        step_size = as_scalar(group["lr"]) / (1 - beta1**step)
        return {"beta1": beta1, "beta2": beta2, "step_size": step_size}

    def update(self, p, grad, state, options):
        """One step of Adamax."""
        if options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        mean, largest = state["exp_avg"], state["exp_inf"]
        mean.lerp_(grad, 1 - options["beta1"])
        largest.mul_(options["beta2"]).clamp_(min=grad.abs().add_(options["eps"]))
        p.addcdiv_(mean, largest, value=-options["step_size"])

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "weight_decay"):
            check_number(name, options[name])
        check_betas(options["betas"])
