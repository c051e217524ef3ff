"""Variances and standard deviations, alone and with the mean."""

import functools
import math

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import count_of, unreduced
from helpers.autograd.operations.declare import composite, derivative

# `unbiased` is the old way to say that `correction` is 1.

# fmt: off
derivative("var(input, dim=None, unbiased=None, keepdim=False, *, correction=None)",
    input=lambda grad, input, dim, unbiased, keepdim, correction: slope_of_variance(
        grad, input, *dim_and_correction(dim, unbiased, correction), keepdim))
derivative("std(input, dim=None, unbiased=None, keepdim=False, *, correction=None)",
    input=lambda grad, input, dim, unbiased, keepdim, correction, out: (
        slope_of_variance(
            (grad / (out * 2)).masked_fill(out == 0, 0),
            input,
            *dim_and_correction(dim, unbiased, correction),
            keepdim,
        )))
# fmt: on


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


def with_mean(function, input, dim=None, unbiased=None, keepdim=False, *,
              correction=None):  # fmt: skip
    """A variance or standard deviation, and the mean."""
    dim, correction = dim_and_correction(dim, unbiased, correction)
    around = function(input, dim, correction=correction, keepdim=keepdim)
    return around, input.mean(dim, keepdim)


composite(torch.var_mean)(functools.partial(with_mean, torch.var))
composite(torch.std_mean)(functools.partial(with_mean, torch.std))
