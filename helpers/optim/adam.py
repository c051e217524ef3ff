"""Adam and AdamW: each parameter gets its own rate from two running means."""

import torch

from helpers.optim.base.initial_state import zero_state
from helpers.optim.base.moments import check_betas, check_tensor
from helpers.optim.base.options import as_scalar, check_number, number_of, pair_of
from helpers.optim.optimizer import Optimizer


class Adam(Optimizer):
    """Divide the mean of the gradients by the root of the mean of their squares.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-3).
        betas: two numbers from 0 up to but not including 1, or two tensors with one
            element each (0.9, 0.999): how much of the mean, and of the mean square,
            survives a step.
        eps: from 0 up (1e-8), added to the root.
        weight_decay: from 0 up (0), adds that multiple of the parameters to the
            gradient.
        amsgrad: bool (False), divides by the largest mean square so far.
        foreach, capturable, differentiable, fused: how a step is run, see
            `helpers.optim`.
        maximize: bool (False), goes uphill.
        decoupled_weight_decay: bool (False), `weight_decay` shrinks the parameters
            instead.

    State of a parameter: "step", a 0-d tensor; "exp_avg" and "exp_avg_sq", of its
    shape; with amsgrad "max_exp_avg_sq".

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for sparse gradients.

    Source: Kingma and Ba (2015), algorithm 1; what corrects m and v there goes into
    two numbers here, as in `torch.optim.Adam`. amsgrad: Reddi, Kale and Kumar (2018),
    algorithm 2. Chapter 07 builds it.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    >>> optimizer = Adam([weight], lr=0.1)
    >>> weight.grad = torch.tensor([1000.0, 0.001])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()]
    [0.9, 0.9]
    """

    state_names = ("step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq")
    added_later = {
        **Optimizer.added_later,
        "amsgrad": False,
        "decoupled_weight_decay": False,
    }

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        amsgrad=False,
        *,
        foreach=None,
        maximize=False,
        capturable=False,
        differentiable=False,
        fused=None,
        decoupled_weight_decay=False,
    ):
        options = dict(lr=lr, betas=pair_of("betas", betas), eps=eps)
        options |= dict(weight_decay=weight_decay)
        options |= dict(amsgrad=amsgrad, maximize=maximize, foreach=foreach)
        options |= dict(capturable=capturable, differentiable=differentiable)
        options |= dict(fused=fused, decoupled_weight_decay=decoupled_weight_decay)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Means at zero, and no step made."""
        names = ["exp_avg", "exp_avg_sq"] + ["max_exp_avg_sq"] * bool(group["amsgrad"])
        return zero_state(parameter, group, names)

    def step_constants(self, group, step):
        """The decay of this step, and what corrects means that started at zero."""
        beta1, beta2 = map(as_scalar, group["betas"])
        return {
            "beta1": beta1,
            "beta2": beta2,
            "step_size": as_scalar(group["lr"]) / (1 - beta1**step),
            "correction": (1 - beta2**step) ** 0.5,
            "shrink": 1 - as_scalar(group["lr"]) * group["weight_decay"],
        }

    def update(self, p, grad, state, options):
        """One step of Adam: `correction` and `step_size` undo the start at zero."""
        if options["decoupled_weight_decay"]:
            p.mul_(options["shrink"])
        elif options["weight_decay"] != 0:
            grad = grad.add(p, alpha=options["weight_decay"])
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean.lerp_(grad, 1 - options["beta1"])  # m in Kingma and Ba
        square.mul_(options["beta2"])
        square.addcmul_(grad, grad, value=1 - options["beta2"])  # v there
        if options["amsgrad"]:
            square = state["max_exp_avg_sq"].clamp_(min=square)
        scale = square.sqrt().div_(options["correction"])  # root of v hat
        p.addcdiv_(mean, scale.add_(options["eps"]), value=-options["step_size"])

    def fused_step(self, parameters, grads, state, options):
        """The same for lists, in torch's kernel (fused=True)."""
        decoupled = options["decoupled_weight_decay"]
        kernel = torch._fused_adamw_ if decoupled else torch._fused_adam_
        means, squares = state["exp_avg"], state["exp_avg_sq"]
        largest = state["max_exp_avg_sq"] if options["amsgrad"] else []
        beta1, beta2 = map(number_of, options["betas"])
        names = "lr", "eps", "weight_decay", "amsgrad", "maximize"
        numbers = {name: options[name] for name in names} | dict(
            beta1=beta1, beta2=beta2
        )
        kernel(parameters, grads, means, squares, largest, state["step"], **numbers)

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        plain_foreach = options["foreach"] and not options["capturable"]
        check_tensor("lr", options["lr"], plain_foreach)
        for name in ("lr", "eps", "weight_decay"):
            check_number(name, options[name])
        check_betas(options["betas"], plain_foreach)


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters, and stays out of the means.

    Args:
        weight_decay: from 0 up (1e-2), shrinks the parameters by lr * weight_decay.
        params, lr, betas, eps, amsgrad: as for `Adam`.
        maximize, foreach, capturable, differentiable, fused: as for `Adam`.

    State and errors are those of `Adam`.

    Source: Loshchilov and Hutter (2019), algorithm 2, with the decay multiplied by
    `lr`, as in `torch.optim.AdamW`. Chapter 07 shows why it is another method than L2
    in Adam.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0]))
    >>> optimizer = AdamW([weight], lr=0.1, weight_decay=0.5)
    >>> weight.grad = torch.zeros(1)
    >>> optimizer.step()
    >>> round(weight.item(), 4)
    0.95
    """

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        amsgrad=False,
        *,
        maximize=False,
        foreach=None,
        capturable=False,
        differentiable=False,
        fused=None,
    ):
        options = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        options |= dict(amsgrad=amsgrad, maximize=maximize, foreach=foreach)
        options |= dict(capturable=capturable, differentiable=differentiable)
        super().__init__(params, **options, fused=fused, decoupled_weight_decay=True)

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
