"""Operations that make many elements one: sums, means, variances, maxima.

Norms are in `norms`, sums and products on the way in `cumulative`.
"""

import functools
import math

import torch

from helpers.autograd.derivatives.declare import (
    composite,
    derivative,
    functions_named,
)
from helpers.autograd.derivatives.spread import (
    count_of,
    in_dtype,
    put_back,
    shared_among,
    spread,
    unreduced,
)
from helpers.autograd.rules import RULES, register
from helpers.autograd.tensor import Tensor

aten = torch.ops.aten


def with_mean(function, input, dim=None, unbiased=None, keepdim=False, **options):
    """A variance or standard deviation, and the mean."""
    keepdim = options.pop("keepdim", keepdim)
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None:
        options["correction"] = int(unbiased)
    spread_out = function(input, dim, keepdim=keepdim, **options)
    return spread_out, input.mean(dim, keepdim)


# Sums and means, of all elements and along dimensions

derivative(
    "sum(input, *, dtype=None)",
    aten.sum.default,
    input=lambda grad, input_shape, input_dtype: in_dtype(
        grad.expand(input_shape), input_dtype
    ),
)
derivative(
    "sum(input, dim, keepdim=False, *, dtype=None)",
    aten.sum.dim_IntList,
    node_name="SumBackward1",
    input=lambda grad, input_shape, dim, keepdim, input_dtype: in_dtype(
        spread(grad, input_shape, dim, keepdim), input_dtype
    ),
)
derivative(
    "mean(input, *, dtype=None)",
    aten.mean.default,
    input=lambda grad, input_shape, input_dtype: in_dtype(
        (grad / count_of(input_shape)).expand(input_shape), input_dtype
    ),
)
derivative(
    "mean(input, dim, keepdim=False, *, dtype=None)",
    aten.mean.dim,
    node_name="MeanBackward1",
    input=lambda grad, input_shape, dim, keepdim, input_dtype: in_dtype(
        spread(grad / count_of(input_shape, dim), input_shape, dim, keepdim),
        input_dtype,
    ),
)
derivative(
    "nansum(input, dim=None, keepdim=False, *, dtype=None)",
    input=lambda grad, input, dim, keepdim: torch.where(
        input.isnan(),
        0.0,
        in_dtype(spread(grad, input.shape, dim, keepdim), input.dtype),
    ),
)
composite(torch.nanmean, torch.Tensor.nanmean)(
    lambda input, dim=None, keepdim=False, *, dtype=None: (
        torch.nansum(input, dim, keepdim, dtype=dtype)
        / (~input.isnan()).sum(dim, keepdim)
    )
)
derivative(
    "logsumexp(input, dim, keepdim=False)",
    input=lambda grad, input, dim, keepdim, out: (
        unreduced(grad, input.shape, dim, keepdim)
        * (input - unreduced(out, input.shape, dim, keepdim)).exp()
    ),
)

# Products. Where an element is zero, out / input would be 0 / 0.

derivative(
    "prod(input, *, dtype=None)",
    aten.prod.default,
    input=lambda grad, input, out: slope_of_product(grad, input, None, False, out),
)
derivative(
    "prod(input, dim, keepdim=False, *, dtype=None)",
    aten.prod.dim_int,
    node_name="ProdBackward1",
    input=lambda grad, input, dim, keepdim, out: slope_of_product(
        grad, input, dim, keepdim, out
    ),
)

# Variances. `unbiased` is the old way to say that `correction` is 1.

derivative(
    "var(input, dim=None, unbiased=None, keepdim=False, *, correction=None)",
    input=lambda grad, input, dim, unbiased, keepdim, correction: slope_of_variance(
        grad, input, *dim_and_correction(dim, unbiased, correction), keepdim
    ),
)
derivative(
    "std(input, dim=None, unbiased=None, keepdim=False, *, correction=None)",
    input=lambda grad, input, dim, unbiased, keepdim, correction, out: (
        slope_of_variance(
            (grad / (out * 2)).masked_fill(out == 0, 0),
            input,
            *dim_and_correction(dim, unbiased, correction),
            keepdim,
        )
    ),
)
composite(torch.var_mean)(functools.partial(with_mean, torch.var))
composite(torch.std_mean)(functools.partial(with_mean, torch.std))

# The largest and the smallest. Ties share, except where a place is returned too.

for name in ("amax", "amin"):
    derivative(
        f"{name}(input, dim=(), keepdim=False)",
        input=lambda grad, input, dim, keepdim, out: shared_among(
            unreduced(grad, input.shape, dim, keepdim),
            unreduced(out, input.shape, dim, keepdim) == input,
            list(dim) if hasattr(dim, "__len__") else dim,
        ),
    )

for name in ("max", "min", "median", "nanmedian"):
    is_median = name.endswith("median")
    derivative(
        f"{name}(input)",
        getattr(aten, name).default,
        node_name=f"{name.capitalize()}Backward{int(not is_median)}",
        input=lambda grad, input, out: shared_among(grad, same(input, out)),
    )
    derivative(
        f"{name}(input, dim, keepdim=False)",
        getattr(aten, name).dim,
        kernel=getattr(torch, name),
        flows=(0,),
        node_name=f"{name.capitalize()}Backward{int(is_median)}",
        input=lambda grad, input_shape, dim, keepdim, out1: put_back(
            grad, input_shape, dim, out1, keepdim
        ),
    )


def by_arguments(whole, along, of_two=None):
    """A rule for functions that take one array, or a dimension too, or two arrays."""
    of_all, of_some = RULES[whole], RULES[along]

    def rule(function, args, kwargs):
        if len(args) == 1 and not {"dim", "keepdim", "other"}.intersection(kwargs):
            return of_all(function, args, kwargs)
        second = args[1] if len(args) > 1 else kwargs.get("other")
        if isinstance(second, (torch.Tensor, Tensor)):
            return of_two(args[0], second)
        return of_some(function, args, kwargs)

    return rule


for whole, along, of_two in [
    (aten.sum.default, aten.sum.dim_IntList, None),
    (aten.mean.default, aten.mean.dim, None),
    (aten.prod.default, aten.prod.dim_int, None),
    (aten.max.default, aten.max.dim, torch.maximum),
    (aten.min.default, aten.min.dim, torch.minimum),
    (aten.median.default, aten.median.dim, None),
    (aten.nanmedian.default, aten.nanmedian.dim, None),
]:
    functions = functions_named(RULES[whole].name)
    register(functions, by_arguments(whole, along, of_two))


def same(input, value):
    """Where an array has a value; not-a-number is the same as itself here."""
    return (input == value) | (input.isnan() & value.isnan())


def dim_and_correction(dim, unbiased, correction):
    """What var and std were asked for: var(x, False) sets unbiased, not dim."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    return dim, correction


def slope_of_variance(grad, input, dim, correction, keepdim):
    """grad * 2 (input - mean) / (count - correction)."""
    freedom = count_of(input.shape, dim) - correction
    scale = 2 / freedom if freedom else math.inf
    mean = input.mean() if dim is None else input.mean(dim, True)
    return scale * unreduced(grad, input.shape, dim, keepdim) * (input - mean)


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
