"""Operations that pick among elements: where, clamp, maximum, masks, sorting.

The gradient goes to what was picked. Where two are equal torch's choice is kept:
maximum and minimum share, clamp and fmax do not.
"""

import math

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import put_back
from helpers.autograd.operations.declare import (
    also_named,
    composite,
    derivative,
    without_derivative,
)

# By a condition

picked = derivative(
    "where(condition, input, other)",
    torch.where,
    broadcasts=True,
    input=lambda grad, condition: grad.masked_fill(~condition, 0),
    other=lambda grad, condition: grad.masked_fill(condition, 0),
)
derivative(
    "masked_fill(input, mask, value)",
    broadcasts=True,
    optional={"value": "MaskedFillBackward0"},
    node_name="MaskedFillBackward1",
    input=lambda grad, mask: grad.masked_fill(mask, 0),
    value=lambda grad, mask: grad.masked_fill(~mask, 0),
)
derivative(
    "masked_select(input, mask)",
    input=lambda grad, input_shape, mask: spread_over_mask(grad, input_shape, mask),
)
derivative(
    "masked_scatter(input, mask, source)",
    broadcasts=True,
    input=lambda grad, mask: grad.masked_fill(mask, 0),
    source=lambda grad, source_shape, mask: filled_up(
        grad.masked_select(mask), source_shape
    ),
)

# By size

derivative(
    "maximum(input, other)",
    broadcasts=True,
    input=lambda grad, input, other: shared(grad, input, other, input < other),
    other=lambda grad, input, other: shared(grad, input, other, input > other),
)
derivative(
    "minimum(input, other)",
    broadcasts=True,
    input=lambda grad, input, other: shared(grad, input, other, input > other),
    other=lambda grad, input, other: shared(grad, input, other, input < other),
)
derivative(
    "fmax(input, other)",
    broadcasts=True,
    input=lambda grad, input, other: kept(grad, (input >= other) | other.isnan()),
    other=lambda grad, input, other: kept(grad, ~((input >= other) | other.isnan())),
)
derivative(
    "fmin(input, other)",
    broadcasts=True,
    input=lambda grad, input, other: kept(grad, (input <= other) | other.isnan()),
    other=lambda grad, input, other: kept(grad, ~((input <= other) | other.isnan())),
)
derivative(
    "clamp(input, min=None, max=None)",
    broadcasts=True,
    optional=dict.fromkeys(("min", "max"), "ClampBackward1"),
    node_name="ClampBackward0",
    input=lambda grad, input, min, max: kept(grad, is_between(input, min, max)),
    min=lambda grad, input, min, max: kept(grad, is_below(input, min, max)),
    max=lambda grad, input, min, max: kept(grad, is_above(input, min, max)),
)
derivative(
    "clamp_min(input, min)",
    broadcasts=True,
    optional={"min": "ClampMinBackward0"},
    node_name="ClampMinBackward1",
    input=lambda grad, input, min: kept(grad, input >= min),
    min=lambda grad, input, min: kept(grad, input < min),
)
derivative(
    "clamp_max(input, max)",
    broadcasts=True,
    optional={"max": "ClampMaxBackward0"},
    node_name="ClampMaxBackward1",
    input=lambda grad, input, max: kept(grad, input <= max),
    max=lambda grad, input, max: kept(grad, input > max),
)
also_named(clip="clamp")

# By rank along a dimension: the values come with their places, out1

for signature in (
    "sort(input, dim=-1, descending=False, *, stable=False)",
    "topk(input, k, dim=-1, largest=True, sorted=True)",
):
    derivative(
        signature,
        differentiable_outputs=(0,),
        input=lambda grad, input_shape, dim, out1: put_back(
            grad, input_shape, dim, out1
        ),
    )
for signature in (
    "kthvalue(input, k, dim=-1, keepdim=False)",
    "mode(input, dim=-1, keepdim=False)",
):
    derivative(
        signature,
        differentiable_outputs=(0,),
        input=lambda grad, input_shape, dim, keepdim, out1: put_back(
            grad, input_shape, dim, out1, keepdim
        ),
    )

without_derivative(
    "argsort argmax argmin all any count_nonzero nonzero isin searchsorted bucketize "
    "bincount histc unique unique_consecutive argwhere "
    "one_hot"
)


@composite(torch.where)
def where(condition, *values):
    """Elements of one of two arrays; of the condition alone, the places it holds."""
    if not values:
        return torch.nonzero(condition, as_tuple=True)
    return picked(torch.where, (condition, *values), {})


@composite(torch.Tensor.where)
def where_method(input, condition, other):
    """torch.where with the arguments in the order of the method."""
    return torch.where(condition, input, other)


def kept(grad, is_picked):
    """The gradient where a condition holds, and 0 elsewhere."""
    return torch.where(is_picked, grad, 0.0)


def shared(grad, input, other, is_lost):
    """Half the gradient where both are equal, 0 where it is lost."""
    return torch.where(input == other, grad / 2, grad).masked_fill(is_lost, 0)


def is_between(input, min, max):
    """Where clamp leaves a number as it is; a bound may be None."""
    if min is None:
        return input <= max
    return input >= min if max is None else (input >= min) & (input <= max)


def is_below(input, min, max):
    """Where clamp gives `min`. Bounds that cross leave `max`."""
    return input < min if max is None else (input < min) & (min < max)


def is_above(input, min, max):
    """Where clamp gives `max`."""
    return input > max if min is None else (input > max) | (max < min)


def spread_over_mask(grad, shape, mask):
    """The gradients of the elements that a mask selected, at their places."""
    whole = grad.new_zeros(torch.broadcast_shapes(shape, mask.shape))
    return whole.masked_scatter(mask, grad).sum_to_size(shape)


def filled_up(values, shape):
    """The first elements of an array of `shape`, and zeros for the rest."""
    missing = values.new_zeros(math.prod(shape) - values.numel())
    return torch.cat([values, missing]).reshape(shape)
