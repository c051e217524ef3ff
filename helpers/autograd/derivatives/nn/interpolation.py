"""Images in other sizes: interpolation, samples on a grid, pixels moved to channels."""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import (
    composite,
    derivative,
    on_meta,
    refused,
    spelled_by_torch,
)

aten = torch.ops.aten
nn = torch._C._nn

# torch's kernels, by the number of dimensions that they stretch. All are linear.
KERNELS = {
    "upsample_nearest1d": 1, "upsample_nearest2d": 2, "upsample_nearest3d": 3,
    "_upsample_nearest_exact1d": 1, "_upsample_nearest_exact2d": 2,
    "_upsample_nearest_exact3d": 3, "upsample_linear1d": 1, "upsample_bilinear2d": 2,
    "upsample_bicubic2d": 2, "upsample_trilinear3d": 3, "_upsample_bilinear2d_aa": 2,
    "_upsample_bicubic2d_aa": 2, "_upsample_lanczos2d_aa": 2,
}  # fmt: skip


def declare_interpolation(name, ndim):
    """One of torch's kernels, and its way back; `rest` may begin with align_corners."""
    forward, kernel = getattr(nn, name), getattr(aten, name).default
    backward = getattr(aten, f"{name}_backward").default
    derivative(
        f"{name.strip('_')}(input, output_size, *rest)",
        forward,
        input=lambda grad, input_shape, rest: backward(
            grad, grad.shape[2:], input_shape, *rest[:-1], *(rest[-1] or [None] * ndim)
        ),
    )
    derivative(
        f"{name.strip('_')}_backward(grad_output, output_size, input_size, *rest)",
        backward,
        grad_output=lambda grad, output_size, rest: kernel(grad, output_size, *rest),
    )


for name, ndim in KERNELS.items():
    if hasattr(nn, name):  # the newest of them only newer versions have
        declare_interpolation(name, ndim)
spelled_by_torch(F.interpolate)

# Samples at the points of a grid

GRID_SAMPLERS = {4: torch.grid_sampler_2d, 5: torch.grid_sampler_3d}


def declare_grid_sampler(name):
    """Samples of images, or volumes. They have no second derivative here."""
    backward = getattr(aten, f"{name}_backward").default
    derivative(
        f"{name}(input, grid, mode, padding_mode, align_corners)",
        inputs=["input", "grid"],
        joint=lambda grad, input, grid, mode, padding_mode, align_corners, needs: (
            backward(grad, input, grid, mode, padding_mode, align_corners, needs)
        ),
    )
    refused(
        f"{name}_backward(grad, input, grid, mode, padding_mode, align_corners, needs)",
        backward,
    )


for sampler in GRID_SAMPLERS.values():
    declare_grid_sampler(sampler.__name__)
spelled_by_torch(F.grid_sample)


@composite(torch.grid_sampler)
def grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners):
    """Images, or volumes, read at points between -1 and 1."""
    sampler = GRID_SAMPLERS.get(input.ndim, torch.grid_sampler)
    return sampler(input, grid, interpolation_mode, padding_mode, align_corners)


# Pixels moved to channels and back


@composite(F.pixel_shuffle)
def pixel_shuffle(input, upscale_factor):
    """Each square of channels becomes a square of pixels."""
    *batch, _, height, width = input.shape
    shape = F.pixel_shuffle(on_meta(input), upscale_factor).shape
    squares = input.reshape(
        *batch, shape[-3], upscale_factor, upscale_factor, height, width
    )
    return squares.movedim((-4, -3), (-3, -1)).reshape(shape)


@composite(F.pixel_unshuffle)
def pixel_unshuffle(input, downscale_factor):
    """Each square of pixels becomes a square of channels."""
    *batch, channels, _, _ = input.shape
    shape = F.pixel_unshuffle(on_meta(input), downscale_factor).shape
    squares = input.reshape(
        *batch, channels, shape[-2], downscale_factor, shape[-1], downscale_factor
    )
    return squares.movedim((-3, -1), (-4, -3)).reshape(shape)


@composite(torch.channel_shuffle, F.channel_shuffle, torch.native_channel_shuffle)
def channel_shuffle(input, groups):
    """Channels dealt out: one of each group, then the next of each."""
    shape = torch.channel_shuffle(on_meta(input), groups).shape
    dealt = input.reshape(shape[0], groups, shape[1] // groups, *shape[2:])
    return dealt.transpose(1, 2).reshape(shape)
