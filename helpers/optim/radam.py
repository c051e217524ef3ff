"""RAdam: Adam that waits until its mean square can be trusted."""

import torch

from helpers.optim.base.initial_state import zero_state
from helpers.optim.base.moments import check_betas, decay, update_moments
from helpers.optim.base.options import as_scalar, check_number, pair_of
from helpers.optim.optimizer import Optimizer


class RAdam(Optimizer):
    """Adam without its root for the first steps, and then with less than a whole rate.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-3).
        betas: two numbers from 0 up to but not including 1 (0.9, 0.999): how much of
            the mean, and of the mean square, survives a step.
        eps: from 0 up (1e-8), added to the root.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        decoupled_weight_decay: bool (False), `weight_decay` shrinks the parameters
            instead.
        foreach, capturable, differentiable: how a step is run, see `helpers.optim`.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "exp_avg" and "exp_avg_sq", of its
    shape.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Liu et al. (2020), algorithm 2; as in `torch.optim.RAdam`, the root is
    taken from rho > 5 on (4 in the paper). torch's lists multiply in another order, as
    here with foreach=True.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = RAdam([weight], lr=0.1)
    >>> weight.grad = torch.tensor([1.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9999]
    """

    state_names = ("step", "exp_avg", "exp_avg_sq")
    added_later = {**Optimizer.added_later, "decoupled_weight_decay": False}

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        decoupled_weight_decay=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
    ):
        options = dict(lr=lr, betas=pair_of("betas", betas), eps=eps)
        options |= dict(weight_decay=weight_decay)
        options |= dict(maximize=maximize, foreach=foreach, capturable=capturable)
        options |= dict(decoupled_weight_decay=decoupled_weight_decay)
        super().__init__(params, options | dict(differentiable=differentiable))

    def init_state(self, parameter, group):
        """Means at zero, and no step made."""
        return zero_state(parameter, group, self.state_names[1:])

    def step_constants(self, group, step):
        """Corrections of both means, and whether and how far the root is trusted."""
        beta1, beta2 = map(as_scalar, group["betas"])
        correction2 = 1 - beta2**step
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * step * (beta2**step) / correction2
        is_rectified = rho > 5.0
        if not isinstance(is_rectified, torch.Tensor):
            is_rectified = bool(is_rectified)
        wanted = is_rectified is not False  # a tensor is not looked into
        return {
            "beta1": beta1,
            "beta2": beta2,
            "correction1": 1 - beta1**step,
            "root_of_correction2": correction2**0.5,
            "is_rectified": is_rectified,
            "rectification": rectification(rho, rho_inf) if wanted else 0.0,
            "shrink": 1 - as_scalar(group["lr"]) * group["weight_decay"],
        }

    def update(self, p, grad, state, options):
        """One step of RAdam."""
        grad = decay(p, grad, options)
        mean, square = update_moments(state, grad, options)
        is_rectified = options["is_rectified"]
        if options["foreach"] and isinstance(is_rectified, bool):
            return self.move_lists(p, mean, square, options)
        step = mean.div(options["correction1"]).mul_(options["lr"])
        if is_rectified is not False:
            scale = square.sqrt().add_(options["eps"]).reciprocal_()
            scale.mul_(options["root_of_correction2"])
            if is_rectified is True:
                step.mul_(scale).mul_(options["rectification"])
            else:  # a 0-d tensor, which nobody waits for
                scale.mul_(options["rectification"])
                step.mul_(scale.masked_fill_(~is_rectified, 1.0))
        p.add_(step, alpha=-1.0)

    def move_lists(self, p, mean, square, options):
        """Move the parameters as torch's lists do: one factor for each element."""
        rate, correction = options["lr"], options["correction1"]
        rectified = options["rectification"]
        plain = 0 if rectified > 0 else 1.0
        divisor = options["root_of_correction2"] * (rate * rectified / correction) * -1
        factor = square.sqrt().add_(options["eps"]).div_(divisor).reciprocal_()
        p.addcmul_(mean, factor.add_(rate * plain / correction * -1))

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name in ("lr", "eps", "weight_decay"):
            check_number(name, options[name])
        check_betas(options["betas"])


def rectification(rho, rho_inf):
    """How far a mean square of so few gradients is trusted; at most 1 (r in Liu)."""
    above = (rho - 4) * (rho - 2) * rho_inf
    return (above / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
