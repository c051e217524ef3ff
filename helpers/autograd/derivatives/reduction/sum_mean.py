"""Operations that make many elements one: sums, means, products.

Variances are in `variance`, maxima in `extremes`, norms in `norms`; sums and products
on the way in `along`.
"""

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import (
    count_of,
    in_dtype,
    spread,
    unreduced,
)
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.operations.overloads import overloads

aten = torch.ops.aten

# Sums and means

overloads(
    "sum",
    derivative(
        "sum(input, *, dtype=None)",
        aten.sum.default,
        input=lambda grad, input_shape, input_dtype: in_dtype(
            grad.expand(input_shape), input_dtype
        ),
    ),
    derivative(
        "sum(input, dim, keepdim=False, *, dtype=None)",
        aten.sum.dim_IntList,
        node_name="SumBackward1",
        input=lambda grad, input_shape, dim, keepdim, input_dtype: in_dtype(
            spread(grad, input_shape, dim, keepdim), input_dtype
        ),
    ),
)
overloads(
    "mean",
    derivative(
        "mean(input, *, dtype=None)",
        aten.mean.default,
        input=lambda grad, input_shape, input_dtype: in_dtype(
            (grad / count_of(input_shape)).expand(input_shape), input_dtype
        ),
    ),
    derivative(
        "mean(input, dim, keepdim=False, *, dtype=None)",
        aten.mean.dim,
        node_name="MeanBackward1",
        input=lambda grad, input_shape, dim, keepdim, input_dtype: in_dtype(
            spread(grad / count_of(input_shape, dim), input_shape, dim, keepdim),
            input_dtype,
        ),
    ),
)
derivative(
    "nansum(input, dim=None, keepdim=False, *, dtype=None)",
    input=lambda grad, input, dim, keepdim: (
        in_dtype(spread(grad, input.shape, dim, keepdim), input.dtype) * ~input.isnan()
    ),
)
composite(torch.nanmean, torch.Tensor.nanmean)(
    lambda input, dim=None, keepdim=False, *, dtype=None: (
        torch.nansum(input, dim, keepdim, dtype=dtype)
        / (~input.isnan()).sum(dim, keepdim)
    )
)
# fmt: off
derivative("logsumexp(input, dim, keepdim=False)",
    input=lambda grad, input, dim, keepdim, out: (
        unreduced(grad, input.shape, dim, keepdim)
        * (input - unreduced(out, input.shape, dim, keepdim)).exp()))
# fmt: on

# Products. Where an element is zero, out / input would be 0 / 0.

overloads(
    "prod",
    derivative(
        "prod(input, *, dtype=None)",
        aten.prod.default,
        input=lambda grad, input, out: slope_of_product(grad, input, None, False, out),
    ),
    derivative(
        "prod(input, dim, keepdim=False, *, dtype=None)",
        aten.prod.dim_int,
        node_name="ProdBackward1",
        input=lambda grad, input, dim, keepdim, out: slope_of_product(
            grad, input, dim, keepdim, out
        ),
    ),
)


def slope_of_product(grad, input, dim, keepdim, out):
    """The gradient times the product of all other elements."""
    others = product_of_others(in_dtype(input, grad.dtype), dim, out, keepdim)
    whole = unreduced(grad, input.shape, dim, keepdim)
    return in_dtype(whole * others, input.dtype)


def product_of_others(input, dim, out, keepdim):
    """For each element the product of all others in its group, from both sides.

    Without zeros that is a division. With them, it is the product of all before times
    the product of all after.
    """
    if not input.ndim:
        return torch.ones_like(input)
    if not (input == 0).any():
        return unreduced(out, input.shape, dim, keepdim) / input
    if dim is None:
        return product_of_others(input.flatten(), 0, out, False).reshape(input.shape)
    return before(input, dim) * before(input.flip(dim), dim).flip(dim)


def before(input, dim):
    """The product of all elements before each, along a dimension."""
    length = input.shape[dim]
    first = torch.ones_like(input.narrow(dim, 0, 1))
    return torch.cat([first, input.narrow(dim, 0, length - 1)], dim).cumprod(dim)
