"""Operations that pick among elements: where, maximum, masks, sorting.

The gradient goes to what was picked; two that are equal share it.
"""

import math

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import put_back
from helpers.autograd.operations.declare import (
    composite,
    derivative,
    refused,
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
# fmt: off
derivative("masked_fill(input, mask, value)", broadcasts=True,
    optional={"value": "MaskedFillBackward0"}, node_name="MaskedFillBackward1",
    input=lambda grad, mask: grad.masked_fill(mask, 0),
    value=lambda grad, mask: grad.masked_fill(~mask, 0))
derivative("masked_select(input, mask)",
    input=lambda grad, input_shape, mask: spread_over_mask(grad, input_shape, mask))
derivative("masked_scatter(input, mask, source)", broadcasts=True,
    input=lambda grad, mask: grad.masked_fill(mask, 0),
    source=lambda grad, source_shape, mask: (
        filled_up(grad.masked_select(mask), source_shape)))

# By size

derivative("maximum(input, other)", broadcasts=True,
    input=lambda grad, input, other: shared(grad, input, other, input < other),
    other=lambda grad, input, other: shared(grad, input, other, input > other))
derivative("minimum(input, other)", broadcasts=True,
    input=lambda grad, input, other: shared(grad, input, other, input > other),
    other=lambda grad, input, other: shared(grad, input, other, input < other))
# fmt: on

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
    "histc argwhere one_hot"
)
for signature in (
    "unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)",
    "unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)",
):
    refused(
        signature,
        inputs=["input"],
        error=NotImplementedError,
        differentiable_outputs=(0,),
    )
refused("bincount(input, weights=None, minlength=0)", inputs=["weights"])


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


def shared(grad, input, other, is_lost):
    """Half the gradient where both are equal, 0 where it is lost."""
    return torch.where(input == other, grad / 2, grad).masked_fill(is_lost, 0)


def spread_over_mask(grad, shape, mask):
    """The gradients of the elements that a mask selected, at their places."""
    whole = grad.new_zeros(torch.broadcast_shapes(shape, mask.shape))
    return whole.masked_scatter(mask, grad).sum_to_size(shape)


def filled_up(values, shape):
    """The first elements of an array of `shape`, and zeros for the rest."""
    missing = values.new_zeros(math.prod(shape) - values.numel())
    return torch.cat([values, missing]).reshape(shape)
