"""Clamping: clamp, clamp_min, clamp_max; and fmax and fmin, which pass over NaN.

Where a number is equal to its bound, PyTorch up to 2.13 gives it the whole gradient.
Since 2.14 it has none of it if the bound is a number, and shares it with a bound that
is an array. Ours does as the PyTorch that is installed.
"""

import operator

import torch

from helpers.autograd.derivatives.elementwise.arithmetic import NUMBERS
from helpers.autograd.derivatives.indexing.select import shared
from helpers.autograd.operations.declare import also_named, derivative


def shares_ties():
    """Whether the installed PyTorch has the rules of 2.14, seen by a number's own."""
    with torch.enable_grad():
        number = torch.zeros((), device="cpu", requires_grad=True)
        (slope,) = torch.autograd.grad(number.clamp(min=0), number)
    return slope.item() == 0


SHARES_TIES = shares_ties()
# How an input is to a bound that leaves it as it is.
above, below = (operator.gt, operator.lt) if SHARES_TIES else (operator.ge, operator.le)

# fmt: off
derivative("clamp(input, min=None, max=None)", broadcasts=True,
    optional=dict.fromkeys(("min", "max"), "ClampBackward1"),
    node_name="ClampBackward0",
    input=lambda grad, input, min, max: along_input(grad, input, min, max),
    min=lambda grad, input, min, max: along_min(grad, input, min, max),
    max=lambda grad, input, min, max: along_max(grad, input, min, max))
derivative("clamp_min(input, min)", broadcasts=True,
    optional={"min": "ClampMinBackward0"}, node_name="ClampMinBackward1",
    input=lambda grad, input, min: along_input(grad, input, min, None),
    min=lambda grad, input, min: along_min(grad, input, min, None))
derivative("clamp_max(input, max)", broadcasts=True,
    optional={"max": "ClampMaxBackward0"}, node_name="ClampMaxBackward1",
    input=lambda grad, input, max: along_input(grad, input, None, max),
    max=lambda grad, input, max: along_max(grad, input, None, max))
derivative("fmax(input, other)", broadcasts=True,
    input=lambda grad, input, other: (
        of_first(grad, input, other, (input >= other) | other.isnan())),
    other=lambda grad, input, other: (
        of_second(grad, input, other, (input >= other) | other.isnan())))
derivative("fmin(input, other)", broadcasts=True,
    input=lambda grad, input, other: (
        of_first(grad, input, other, (input <= other) | other.isnan())),
    other=lambda grad, input, other: (
        of_second(grad, input, other, (input <= other) | other.isnan())))
# fmt: on
also_named(clip="clamp")


def along_input(grad, input, min, max):
    """The gradient where a number was left as it is; a bound may be None."""
    is_number = isinstance(max if min is None else min, NUMBERS)
    if is_number or not SHARES_TIES:
        return kept(grad, is_between(input, min, max))
    if max is None:
        return shared(grad, input, min, input < min)
    if min is None:
        return shared(grad, input, max, input > max)
    is_tied = ((input == min) | (input == max)) & (min < max)
    return halved(grad, is_tied).masked_fill((input < min) | (input > max), 0)


def along_min(grad, input, min, max):
    """The gradient where the result is `min`. Bounds that cross leave `max`."""
    if not SHARES_TIES:
        is_below = input < min
        return kept(grad, is_below if max is None else is_below & (min < max))
    if max is None:
        return shared(grad, input, min, input > min)
    is_tied = (input == min) & (min < max)
    return kept(halved(grad, is_tied), is_tied | ((input < min) & (min <= max)))


def along_max(grad, input, min, max):
    """The gradient where the result is `max`."""
    if not SHARES_TIES:
        is_above = input > max
        return kept(grad, is_above if min is None else is_above | (max < min))
    if min is None:
        return shared(grad, input, max, input < max)
    is_tied = (input == max) & (min < max)
    is_above = (input > max) & (min <= max)
    return kept(halved(grad, is_tied), is_tied | is_above | (max < min))


def is_between(input, min, max):
    """Where clamp leaves a number as it is."""
    if min is None:
        return below(input, max)
    is_above = above(input, min)
    return is_above if max is None else is_above & below(input, max)


def of_first(grad, input, other, is_first):
    """The gradient of the first of two, where it was taken."""
    return kept(halved(grad, SHARES_TIES & (input == other)), is_first)


def of_second(grad, input, other, is_first):
    """The gradient of the second of two, where the first was not taken."""
    is_tied = SHARES_TIES & (input == other)
    return kept(halved(grad, is_tied), is_tied | ~is_first)


def kept(grad, is_picked):
    """The gradient where a condition holds, and 0 elsewhere."""
    return torch.where(is_picked, grad, 0.0)


def halved(grad, is_tied):
    """Half the gradient where two are equal, the whole elsewhere."""
    return torch.where(is_tied, grad / 2, grad)
