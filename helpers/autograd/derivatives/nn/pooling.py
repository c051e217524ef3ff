"""Pooling: the largest, or the mean, of each window."""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative, functions_named

aten = torch.ops.aten
nn = torch._C._nn


def declare_max_pools(ndim):
    """The largest of windows of 2 or 3 dimensions: the kernels differ in name.

    The second output says where it was.
    """
    max_backward = getattr(aten, f"max_pool{ndim}d_with_indices_backward").default
    derivative(
        f"max_pool{ndim}d_with_indices(input, kernel_size, stride=(), padding=0, "
        "dilation=1, ceil_mode=False)",
        getattr(nn, f"max_pool{ndim}d_with_indices"),
        differentiable_outputs=(0,),
        input=lambda grad, input, kernel_size, stride, padding, dilation, ceil_mode,
        out1: max_backward(
            grad, input, kernel_size, stride, padding, dilation, ceil_mode, out1
        ),
    )  # fmt: skip
    adaptive_max_backward = getattr(aten, f"adaptive_max_pool{ndim}d_backward").default
    derivative(
        f"adaptive_max_pool{ndim}d(input, output_size)",
        getattr(nn, f"adaptive_max_pool{ndim}d"),
        differentiable_outputs=(0,),
        input=lambda grad, input, out1: adaptive_max_backward(grad, input, out1),
    )
    composite(max_backward, adaptive_max_backward)(
        lambda grad, input, *geometry: put_at(grad, input.shape, geometry[-1], ndim)
    )


def declare_mean_pools(ndim):
    """The mean of windows. It is linear, so the gradient's gradient is a mean again."""
    mean = getattr(nn, f"avg_pool{ndim}d")
    mean_backward = getattr(aten, f"avg_pool{ndim}d_backward").default
    derivative(
        f"avg_pool{ndim}d(input, kernel_size, stride=(), padding=0, ceil_mode=False, "
        "count_include_pad=True, divisor_override=None)",
        mean,
        input=lambda grad, input, kernel_size, stride, padding, ceil_mode,
        count_include_pad, divisor_override: mean_backward(
            grad, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
            divisor_override,
        ),
    )  # fmt: skip
    derivative(
        f"avg_pool{ndim}d_backward(grad_output, input, kernel_size, stride, padding, "
        "ceil_mode, count_include_pad, divisor_override)",
        mean_backward,
        grad_output=lambda grad, kernel_size, stride, padding, ceil_mode,
        count_include_pad, divisor_override: mean(
            grad, kernel_size, stride, padding, ceil_mode, count_include_pad,
            divisor_override,
        ),
    )  # fmt: skip
    adaptive_mean = getattr(nn, f"adaptive_avg_pool{ndim}d")
    adaptive_mean_backward = getattr(
        aten, f"_adaptive_avg_pool{ndim}d_backward"
    ).default
    derivative(
        f"adaptive_avg_pool{ndim}d(input, output_size)",
        adaptive_mean,
        input=lambda grad, input: adaptive_mean_backward(grad, input),
    )
    derivative(
        f"adaptive_avg_pool{ndim}d_backward(grad_output, input)",
        adaptive_mean_backward,
        grad_output=lambda grad, grad_output_shape: adaptive_mean(
            grad, grad_output_shape[-ndim:]
        ),
    )


def put_at(grad, shape, places, ndim):
    """Each gradient at the place its window's largest element was taken from."""
    places = places.flatten(-ndim)
    zeros = torch.zeros(shape, dtype=grad.dtype, device=grad.device).flatten(-ndim)
    return zeros.scatter_add(-1, places, grad.flatten(-ndim)).reshape(shape)


for ndim in (2, 3):
    declare_max_pools(ndim)
    declare_mean_pools(ndim)


# The functions that users call. Those on 1 dimension add another of length 1.


def max_pool(ndim):
    """The spelled-out max_pool of so many dimensions."""
    kernel = getattr(nn, f"max_pool{max(ndim, 2)}d_with_indices")

    def pool(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
             return_indices=False):  # fmt: skip
        geometry = kernel_size, kernel_size if stride is None else stride
        if ndim == 1:
            geometry = [with_one(each, 1) for each in geometry]
            padding, dilation = with_one(padding, 0), with_one(dilation, 1)
            input = input.unsqueeze(-2)
        values, places = kernel(input, *geometry, padding, dilation, ceil_mode)
        if ndim == 1:
            values, places = values.squeeze(-2), places.squeeze(-2)
        return (values, places) if return_indices else values

    return pool


def adaptive_max_pool(ndim):
    """The spelled-out adaptive_max_pool of so many dimensions."""
    kernel = getattr(nn, f"adaptive_max_pool{max(ndim, 2)}d")

    def pool(input, output_size, return_indices=False):
        if ndim == 1:
            pair = kernel(input.unsqueeze(-2), with_one(output_size, 1))
            values, places = (each.squeeze(-2) for each in pair)
        else:
            values, places = kernel(input, full_size(output_size, input, ndim))
        return (values, places) if return_indices else values

    return pool


def enter_pool(name, pool):
    """Enter a pool for torch's function, and for the one that returns places too."""

    def with_indices(input, *args, **kwargs):
        return pool(input, *args, **{**kwargs, "return_indices": True})

    composite(*functions_named(name))(pool)
    composite(getattr(F, f"{name}_with_indices"))(with_indices)


for ndim in (1, 2, 3):
    enter_pool(f"max_pool{ndim}d", max_pool(ndim))
    enter_pool(f"adaptive_max_pool{ndim}d", adaptive_max_pool(ndim))


@composite(torch.avg_pool1d)
def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False,
               count_include_pad=True):  # fmt: skip
    """Means over windows of one dimension."""
    stride = kernel_size if stride is None or stride == () else stride
    geometry = with_one(kernel_size, 1), with_one(stride, 1), with_one(padding, 0)
    means = nn.avg_pool2d(input.unsqueeze(-2), *geometry, ceil_mode, count_include_pad)
    return means.squeeze(-2)


@composite(torch.adaptive_avg_pool1d)
def adaptive_avg_pool1d(input, output_size):
    """Means over as many windows as asked for."""
    pooled = nn.adaptive_avg_pool2d(input.unsqueeze(-2), with_one(output_size, 1))
    return pooled.squeeze(-2)


composite(F.adaptive_avg_pool2d)(
    lambda input, output_size: nn.adaptive_avg_pool2d(
        input, full_size(output_size, input, 2)
    )
)
composite(F.adaptive_avg_pool3d)(
    lambda input, output_size: nn.adaptive_avg_pool3d(
        input, full_size(output_size, input, 3)
    )
)


def with_one(size, other):
    """A size for each of two dimensions, of which the first has length 1."""
    return [other, size if isinstance(size, int) else size[0]]


def full_size(size, input, ndim):
    """An output size for each dimension; None stands for the input's own."""
    sizes = [size] * ndim if size is None or isinstance(size, int) else size
    own = input.shape[-ndim:]
    return [o if s is None else s for s, o in zip(sizes, own, strict=True)]
