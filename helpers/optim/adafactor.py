"""Adafactor: Adam's root from the sums of rows and columns, in little memory."""

import math

import torch

from helpers.optim.base.initial_state import step_count
from helpers.optim.base.options import check_between, pair_of
from helpers.optim.base.parameters import array_of
from helpers.optim.base.state_dict import check_shape
from helpers.optim.optimizer import Optimizer


class Adafactor(Optimizer):
    """Divide each gradient by a root that rows and columns share; no mean is kept.

    Args:
        params: parameters, (name, parameter) pairs or groups, as for `Optimizer`.
        lr: the largest relative rate, a number from 0 up or a tensor with one element
            (1e-2); it is 1 / sqrt(step) once that is less.
        beta2_decay: up to 0 (-0.8), the power of the step by which the newest squares
            are weighted.
        eps: two numbers from 0 up (None, 1e-3): the least squares, None for the
            rounding of the parameter's dtype; and the least size of parameters.
        d: from 1 up (1.0), the largest root mean square of a step before its rate.
        weight_decay: from 0 up (0.0), shrinks the parameters by lr * weight_decay.
        foreach: bool (None), see below.
        maximize: bool (False), goes uphill.

    State of a parameter: "step", a 0-d tensor; "row_var" and "col_var", the means of
    squares along rows and columns; or "variance", of its shape, if it is no matrix.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for complex parameters and sparse gradients.

    Source: Shazeer and Stern (2018), algorithms 4 and 5, as in `torch.optim.Adafactor`.
    Each parameter has norms of its own, so steps go from tensor to tensor; foreach=True
    only rounds products as torch's lists do. Departure: in a group of several
    dtypes torch takes `eps` from the first, here it is each parameter's own; and
    parameters without elements are taken, where torch divides by their number.

    >>> weight = torch.nn.Parameter(torch.tensor([[1.0, 1.0]]))
    >>> optimizer = Adafactor([weight], lr=0.1)
    >>> weight.grad = torch.tensor([[1000.0, 0.001]])
    >>> optimizer.step()
    >>> [round(value, 4) for value in weight.tolist()[0]]
    [0.9, 0.9]
    """

    state_names = ("step", "row_var", "col_var", "variance")
    one_by_one = True
    added_later = {"foreach": None}

    def __init__(
        self,
        params,
        lr=1e-2,
        beta2_decay=-0.8,
        eps=(None, 1e-3),
        d=1.0,
        weight_decay=0.0,
        *,
        foreach=None,
        maximize=False,
    ):
        eps = pair_of("eps", eps, "numbers from 0 up", (None, 1e-3))
        options = dict(lr=lr, beta2_decay=beta2_decay, eps=eps, d=d)
        options |= dict(weight_decay=weight_decay, foreach=foreach, maximize=maximize)
        super().__init__(params, options)

    def init_state(self, parameter, group):
        """Mean squares at zero, and no step made."""
        grad, step = array_of(parameter.grad), step_count(parameter, group)
        if grad.dim() < 2:
            return {"step": step, "variance": torch.zeros_like(grad)}
        *others, rows, columns = grad.shape
        row_var = grad.new_zeros([*others, rows, 1])
        col_var = grad.new_zeros([*others, 1, columns])
        return {"step": step, "row_var": row_var, "col_var": col_var}

    def step_constants(self, group, step):
        """The relative rate, the weight of the newest squares, and what shrinks."""
        return {
            "rate": min(group["lr"], 1 / step**0.5),
            "newest": step ** group["beta2_decay"],
            "shrink": 1 - group["lr"] * group["weight_decay"],
        }

    def update(self, p, grad, state, options):
        """One step of Adafactor."""
        least_square, least_size = options["eps"]
        if least_square is None:
            least_square = torch.finfo(p.dtype).eps
        rate = max(least_size, root_mean_square(p)) * options["rate"]
        if options["weight_decay"] != 0:
            scale_by(p, options["shrink"], options["foreach"])
        square = mean_square(grad, state, options["newest"], least_square)
        step = square.clamp_(min=least_square * least_square).rsqrt_().mul_(grad)
        factor = -rate / max(1.0, root_mean_square(step, options["d"]))
        if options["foreach"]:
            scale_by(step, factor, options["foreach"])
            p.add_(step)
        else:
            p.add_(step, alpha=factor)

    def check_parameters(self, parameters):
        """Raise `RuntimeError` for complex parameters."""
        if any(array_of(each).is_complex() for each in parameters):
            raise RuntimeError(
                "Adafactor does not support complex parameters: keep them as pairs of "
                "real numbers, by torch.view_as_real"
            )

    def check_state(self, place, parameter, values):
        """Raise `ValueError` for loaded sums of another shape."""
        shapes = {"variance": parameter.shape}
        if len(parameter.shape) > 1:
            *others, rows, columns = parameter.shape
            shapes = {"row_var": (*others, rows, 1), "col_var": (*others, 1, columns)}
        for name, shape in shapes.items():
            check_shape(name, values.get(name), place, parameter, shape)

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        for name, low, high, words in (
            ("lr", 0, math.inf, "Learning rate should be >= 0 but is"),
            ("beta2_decay", -math.inf, 0, "beta2_decay should be <= 0 but is"),
            ("d", 1, math.inf, "Clipping threshold d should be >= 1 but is"),
            ("weight_decay", 0, math.inf, "weight_decay should be >= 0 but is"),
        ):
            check_between(name, options[name], low, high, words)
        for place, each in enumerate(options["eps"], 1):
            if each is not None or place == 2:
                words = f"epsilon{place} should be >= 0 but is"
                check_between(f"eps[{place - 1}]", each, 0, math.inf, words)


def root_mean_square(x, times=1.0):
    """The root mean square of a tensor over a factor, as a number."""
    return x.norm(2).item() / (max(1, x.numel()) ** 0.5 * times)


def scale_by(x, number, by_lists):
    """Multiply in place; torch's lists round the number to the dtype first."""
    if by_lists:
        torch._foreach_mul_([x], [number])
    else:
        x.mul_(number)


def mean_square(grad, state, newest, least):
    """Move the mean squares towards those of a gradient; an estimate for each element.

    `newest` is the weight of the gradient, `least` what a mean of rows may not be
    below.
    """
    if "variance" in state:
        return state["variance"].lerp_(grad * grad, newest).clone()
    for name, dim in (("row_var", -1), ("col_var", -2)):
        means = norm_along(grad, dim).square_().div_(grad.shape[dim])
        state[name].lerp_(means, newest)
    rows = state["row_var"]
    return (rows @ state["col_var"]).div_(
        rows.mean(dim=-2, keepdim=True).clamp_(min=least)
    )


def norm_along(grad, dim):
    """The norms along a dimension, which stays with length 1."""
    return torch.linalg.vector_norm(grad, dim=dim, keepdim=True)
