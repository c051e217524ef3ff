"""Pooling: of each window of an image one number, the largest or the mean."""

import torch
import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn.module import Module

LARGEST = torch._C._nn.max_pool2d_with_indices  # what F.max_pool2d runs


class MaxPool2d(Module):
    """The largest element of each window.

    Args:
        kernel_size: of the window; a number, or (height, width), as the next three.
        stride: from one window to the next; unless given, the window's size.
        padding: what is put around the image, of minus infinity; at most half a window.
        dilation: from one element of a window to the next.
        return_indices: whether their places are returned too, in a pair.
        ceil_mode: whether a window may hang over the end.

    >>> MaxPool2d(2)(torch.arange(16.0).reshape(1, 4, 4))
    tensor([[[ 5.,  7.],
             [13., 15.]]])

    Source: torch.nn.MaxPool2d. Built in chapter 08.
    """

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1,
                 return_indices=False, ceil_mode=False):  # fmt: skip
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input):
        """The largest elements, and their places if they are asked for."""
        pooled = call(
            LARGEST, input, self.kernel_size, self.stride, self.padding, self.dilation,
            self.ceil_mode,
        )  # fmt: skip
        return tuple(pooled) if self.return_indices else pooled[0]

    def extra_repr(self):
        """The window, and the options."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )


class AvgPool2d(Module):
    """The mean of each window.

    Args:
        kernel_size: of the window; a number, or (height, width), as the next two.
        stride: from one window to the next; unless given, the window's size.
        padding: what is put around the image, of zeros; at most half a window.
        ceil_mode: whether a window may hang over the end.
        count_include_pad: whether the mean counts the zeros around.
        divisor_override: what to divide by in place of the window's size.

    >>> AvgPool2d(2)(torch.arange(16.0).reshape(1, 4, 4))
    tensor([[[ 2.5000,  4.5000],
             [10.5000, 12.5000]]])

    Source: torch.nn.AvgPool2d. Built in chapter 08.
    """

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False,
                 count_include_pad=True, divisor_override=None):  # fmt: skip
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input):
        """The means."""
        return call(
            F.avg_pool2d, input, self.kernel_size, self.stride, self.padding,
            self.ceil_mode, self.count_include_pad, self.divisor_override,
        )  # fmt: skip

    def extra_repr(self):
        """The window."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )
