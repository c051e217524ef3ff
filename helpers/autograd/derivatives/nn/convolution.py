"""Convolutions, transposed ones, and sliding windows.

All six convolutions are one operation of torch's, `convolution`, and one node.
"""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative

aten = torch.ops.aten

CONVOLUTION = derivative(
    "convolution(input, weight, bias, stride, padding, dilation, transposed, "
    "output_padding, groups)",
    torch.convolution,
    inputs=["input", "weight", "bias"],
    joint=lambda grad, input, weight, bias_shape, stride, padding, dilation, transposed,
    output_padding, groups, needs: aten.convolution_backward.default(
        grad, input, weight, bias_shape, stride, padding, dilation, transposed,
        output_padding, groups, needs,
    ),
)  # fmt: skip

# Sliding windows: the gradient of taking them out is putting them back, and vice versa.

# fmt: off
derivative("unfold(input, kernel_size, dilation=1, padding=0, stride=1)", F.unfold,
    node_name="Im2ColBackward0",
    input=lambda grad, input_shape, kernel_size, dilation, padding, stride: (
        F.fold(grad, input_shape[-2:], kernel_size, dilation, padding, stride)))
derivative("fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)",
    F.fold, node_name="Col2ImBackward0",
    input=lambda grad, kernel_size, dilation, padding, stride: (
        F.unfold(grad, kernel_size, dilation, padding, stride)))
# fmt: on


def convolution_of(ndim):
    """torch's conv1d, conv2d or conv3d."""

    def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        stride, dilation = for_each(stride, ndim), for_each(dilation, ndim)
        if isinstance(padding, str):
            input, padding = padded(input, weight, stride, padding, dilation)
        padding = for_each(padding, ndim)
        no_more = [0] * ndim
        rest = stride, padding, dilation, False, no_more, groups
        return convolve(input, weight, bias, rest)

    return conv


def transposed_convolution_of(ndim):
    """torch's conv_transpose1d, 2d or 3d."""

    def conv_transpose(input, weight, bias=None, stride=1, padding=0, output_padding=0,
                       groups=1, dilation=1):  # fmt: skip
        stride, padding, output_padding, dilation = (
            for_each(each, ndim) for each in (stride, padding, output_padding, dilation)
        )
        rest = stride, padding, dilation, True, output_padding, groups
        return convolve(input, weight, bias, rest)

    return conv_transpose


def convolve(input, weight, bias, rest):
    """torch.convolution; a single sample without a batch becomes a batch of one."""
    if input.ndim == weight.ndim - 1:
        return convolve(input.unsqueeze(0), weight, bias, rest).squeeze(0)
    return CONVOLUTION(torch.convolution, (input, weight, bias, *rest), {})


def padded(input, weight, stride, padding, dilation):
    """The input, and the number of zeros around it, for "same" and "valid".

    Where "same" needs an odd number of zeros, the last one is put at the end here.
    """
    if padding == "valid":
        return input, 0
    if padding != "same":
        raise RuntimeError(
            f"Invalid padding string: padding = {padding!r}; use 'valid' or 'same'"
        )
    if any(step != 1 for step in stride):
        raise RuntimeError(
            f"padding='same' is not supported for strided convolutions: stride = "
            f"{stride}; pad the input yourself, or use stride 1"
        )
    totals = [
        d * (size - 1) for d, size in zip(dilation, weight.shape[2:], strict=True)
    ]
    odd = [side for total in reversed(totals) for side in (0, total % 2)]
    input = F.pad(input, odd) if any(odd) else input
    return input, [total // 2 for total in totals]


def for_each(value, ndim):
    """A list with a number for each dimension, from one number or a list."""
    if isinstance(value, int):
        return [value] * ndim
    return list(value) * ndim if len(value) == 1 else list(value)


for ndim in (1, 2, 3):
    composite(getattr(torch, f"conv{ndim}d"))(convolution_of(ndim))
    composite(getattr(torch, f"conv_transpose{ndim}d"))(transposed_convolution_of(ndim))


@composite(aten.convolution_backward.default)
def convolution_backward(grad, input, weight, bias_shape, stride, padding, dilation,
                         transposed, output_padding, groups, needs):  # fmt: skip
    """The gradients of input, weight and bias, as convolutions."""
    of_input = of_weight = of_bias = None
    if needs[0]:
        more = [0] * len(stride) if transposed else missing(
            grad, input, weight, stride, padding, dilation
        )  # fmt: skip
        of_input = torch.convolution(
            grad, weight, None, stride, padding, dilation, not transposed, more, groups
        )
        of_input = cut(of_input, input.shape)
    if needs[1]:
        small, large = (input, grad) if transposed else (grad, input)
        of_weight = slope_of_weight(
            small, large, weight.shape, stride, padding, dilation, groups
        )
    if needs[2]:
        of_bias = grad.sum([0, *range(2, grad.ndim)])
    return of_input, of_weight, of_bias


def missing(grad, input, weight, stride, padding, dilation):
    """How many last elements of the input the convolution did not reach."""
    return [
        input.shape[2 + i]
        - (grad.shape[2 + i] - 1) * stride[i]
        + 2 * padding[i]
        - dilation[i] * (weight.shape[2 + i] - 1)
        - 1
        for i in range(len(stride))
    ]


def slope_of_weight(small, large, shape, stride, padding, dilation, groups):
    """The gradient of the weight: the large side convolved with the small one.

    Batch and channels change roles, and so do stride and dilation. With groups, those
    of the batch are what the channels were.
    """
    small = small.transpose(0, 1)
    batch, channels = large.shape[:2]
    sizes = large.shape[2:]
    large = large.reshape(batch, groups, channels // groups, *sizes)
    large = large.movedim(2, 0).transpose(1, 2)  # channels of a group, groups, batch
    large = large.reshape(channels // groups, groups * batch, *sizes)
    slope = torch.convolution(
        large, small, None, dilation, padding, stride, False, [0] * len(stride), groups
    )
    return cut(slope.transpose(0, 1), shape)


def cut(array, shape):
    """The array without what lies beyond a shape."""
    for dim, size in enumerate(shape[2:], 2):
        if array.shape[dim] != size:
            array = array.narrow(dim, 0, size)
    return array
