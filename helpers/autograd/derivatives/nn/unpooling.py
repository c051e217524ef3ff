"""Max pooling taken back, pools of random windows, normalisation by neighbours."""

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.nn.pooling import put_at
from helpers.autograd.operations.declare import composite, derivative, spelled_by_torch

aten = torch.ops.aten
nn = torch._C._nn


def declare_fractional_pool(ndim):
    """The largest of windows whose borders are random."""
    backward = getattr(aten, f"fractional_max_pool{ndim}d_backward").default
    derivative(
        f"fractional_max_pool{ndim}d(input, kernel_size, output_size, samples)",
        getattr(nn, f"fractional_max_pool{ndim}d"),
        differentiable_outputs=(0,),
        input=lambda grad, input, kernel_size, output_size, out1: backward(
            grad, input, kernel_size, output_size, out1
        ),
    )
    composite(backward)(
        lambda grad, input, kernel_size, output_size, places: put_at(
            grad, input.shape, places, ndim
        )
    )


def declare_unpool(ndim):
    """Elements at the places of a larger array; all else is 0."""
    unpool = getattr(nn, f"max_unpool{ndim}d")
    derivative(
        f"max_unpool{ndim}d(input, indices, *geometry)",
        unpool,
        input=lambda grad, indices: (
            grad.flatten(-ndim)
            .gather(-1, indices.flatten(-ndim))
            .reshape(indices.shape)
        ),
    )


def without_places(with_places):
    """A function that gives the first output of another, alone."""
    return lambda *args, return_indices=False, **kwargs: with_places(*args, **kwargs)[0]


for ndim in (2, 3):
    declare_fractional_pool(ndim)
    declare_unpool(ndim)
    pool = f"fractional_max_pool{ndim}d"
    composite(getattr(F, pool))(without_places(getattr(F, f"{pool}_with_indices")))
spelled_by_torch(
    F.max_unpool1d, F.max_unpool2d, F.max_unpool3d, F.local_response_norm,
    F.fractional_max_pool2d_with_indices, F.fractional_max_pool3d_with_indices,
    F.lp_pool1d, F.lp_pool2d, F.lp_pool3d,
)  # fmt: skip
