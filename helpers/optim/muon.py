"""Muon: momentum made orthogonal, for the matrices of a network."""

import math

import torch

from helpers.optim.base.options import as_scalar, check_between
from helpers.optim.base.parameters import array_of
from helpers.optim.optimizer import Optimizer

# What a step is multiplied by, from the rows and columns of a matrix.
ADJUSTMENTS = {
    None: lambda rows, columns: math.sqrt(max(1, rows / max(1, columns))),
    "original": lambda rows, columns: math.sqrt(max(1, rows / max(1, columns))),
    "match_rms_adamw": lambda rows, columns: 0.2 * math.sqrt(max(rows, columns)),
    "spectral_unclamped": lambda rows, columns: math.sqrt(rows / max(1, columns)),
}


class Muon(Optimizer):
    """Step along the momentum with all its singular values brought near 1.

    So each direction that the gradients have shown counts alike. For weights of hidden
    layers; biases and embeddings want another method beside it.

    Args:
        params: matrices, (name, matrix) pairs or groups, as for `Optimizer`.
        lr: learning rate, a number from 0 up or a tensor with one element (1e-3).
        weight_decay: from 0 up (0.1), shrinks the matrices by lr * weight_decay.
        momentum: from 0 up (0.95), how much of the mean of the gradients survives a
            step.
        nesterov: bool (True), looks ahead along the mean.
        ns_coefficients: three numbers (3.4445, -4.775, 2.0315), of the polynomial that
            is iterated.
        eps: a number (1e-7), the least norm that is divided by.
        ns_steps: how often it is iterated, an integer below 100 (5).
        adjust_lr_fn: "original" (None means it too), "match_rms_adamw" or
            "spectral_unclamped": what the shape of a matrix does to its rate.

    State of a parameter: "momentum_buffer", of its shape.

    Raises: `ValueError` or `TypeError` for options that make no sense and for what are
    no matrices, `RuntimeError` for complex parameters and sparse gradients.

    Source: Jordan et al. (2024), "Muon: an optimizer for hidden layers in neural
    networks", as in `torch.optim.Muon`, in bfloat16 too. Departures: a matrix that is
    added later is checked too; a bfloat16 buffer is read only, as in PyTorch from 2.15
    on, which also brought "spectral_unclamped".

    >>> weight = torch.nn.Parameter(torch.zeros(2, 2))
    >>> optimizer = Muon([weight], lr=1.0)
    >>> weight.grad = torch.tensor([[1000.0, 0.0], [0.0, 100.0]])
    >>> optimizer.step()
    >>> weight.diagonal().lt(-0.6).tolist()
    [True, True]
    """

    state_names = ("momentum_buffer",)
    one_by_one = True
    added_later = {}

    def __init__(
        self,
        params,
        lr=1e-3,
        weight_decay=0.1,
        momentum=0.95,
        nesterov=True,
        ns_coefficients=(3.4445, -4.775, 2.0315),
        eps=1e-7,
        ns_steps=5,
        adjust_lr_fn=None,
    ):
        options = dict(lr=lr, weight_decay=weight_decay, momentum=momentum)
        options |= dict(nesterov=nesterov, ns_coefficients=ns_coefficients, eps=eps)
        options |= dict(ns_steps=ns_steps, adjust_lr_fn=adjust_lr_fn)
        super().__init__(params, options)

    def add_param_group(self, param_group):
        """Add another group of matrices, as `Optimizer.add_param_group` does.

        Raises: `ValueError` for what are no matrices too.
        """
        super().add_param_group(param_group)
        for each in self.param_groups[-1]["params"]:
            if array_of(each).dim() != 2:
                self.param_groups.pop()
                raise ValueError(
                    "Muon only supports 2D parameters whereas we found a parameter "
                    f"with size: {array_of(each).shape}. Give it the matrices of "
                    "hidden layers, and the rest to AdamW, say"
                )

    def init_state(self, parameter, group):
        """A mean of no gradients."""
        return {"momentum_buffer": torch.zeros_like(array_of(parameter.grad))}

    def step_constants(self, group, step):
        """What shrinks the matrices, and the rate of each shape."""
        lr, adjust = as_scalar(group["lr"]), ADJUSTMENTS[group["adjust_lr_fn"]]
        shapes = {tuple(array_of(each).shape) for each in group["params"]}
        rates = {
            (rows, columns): lr * adjust(rows, columns) for rows, columns in shapes
        }
        return {"shrink": 1 - lr * group["weight_decay"], "rates": rates}

    def update(self, p, grad, state, options):
        """One step of Muon."""
        momentum, buf = options["momentum"], state["momentum_buffer"]
        buf.lerp_(grad, 1 - momentum)
        step = grad.lerp(buf, momentum) if options["nesterov"] else buf
        step = orthogonal(
            step, options["ns_coefficients"], options["ns_steps"], options["eps"]
        )
        p.mul_(options["shrink"])
        p.add_(step, alpha=-options["rates"][tuple(p.shape)])

    def check_parameters(self, parameters):
        """Raise `RuntimeError` for complex parameters."""
        if any(array_of(each).is_complex() for each in parameters):
            raise RuntimeError(
                "Muon does not support complex parameters: give it real matrices, and "
                "the complex ones to AdamW, say"
            )

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        check_between(
            "lr", options["lr"], 0, math.inf, "Learning rate should be >= 0 but is"
        )
        for name in ("momentum", "weight_decay"):
            words = f"{name.replace('_', ' ')} should be >= 0 but is"
            check_between(name, options[name], 0, math.inf, words)
        if options["adjust_lr_fn"] not in ADJUSTMENTS:
            raise ValueError(
                f"Adjust learning rate function {options['adjust_lr_fn']} is not "
                "supported; there are original, match_rms_adamw and "
                "spectral_unclamped: pass one, or leave adjust_lr_fn out"
            )
        check_iteration(options["ns_coefficients"], options["ns_steps"])


def orthogonal(matrix, coefficients, steps, eps):
    """A matrix with the singular vectors of another and singular values near 1.

    Newton-Schulz iteration in bfloat16: the odd polynomial a x + b x^3 + c x^5 is
    applied to all singular values at once, `steps` times; the standard coefficients
    take what is above 0.0 between 0.5 and 1.5 rather than exactly to 1.
    """
    a, b, c = coefficients
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.to(torch.bfloat16, copy=True)
    x = x.T if tall else x
    x.div_(x.norm().clamp(min=eps))
    for _ in range(steps):
        gram = x @ x.T
        polynomial = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        x = torch.addmm(x, polynomial, x, beta=a)
    return x.T if tall else x


def check_iteration(coefficients, steps):
    """Raise `ValueError` for other than three coefficients, or for too many steps."""
    if len(coefficients) != 3:
        raise ValueError(
            "Coefficients must be a tuple of exactly 3 values, and ns_coefficients has "
            f"{len(coefficients)}: leave it out, or give a, b and c"
        )
    if steps >= 100:
        raise ValueError(
            "Number of steps must be less than 100 for computational efficiency, and "
            f"ns_steps is {steps}: leave it out for 5"
        )
