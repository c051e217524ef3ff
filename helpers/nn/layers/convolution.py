"""Convolution over images."""

import torch
import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn.layers.linear import draw_as_linear
from helpers.nn.layers.sizes import check_sizes, empty_parameter, pair
from helpers.nn.module import Module

PADDINGS = ("same", "valid")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class Conv2d(Module):
    """Each output pixel: the sum of a window of the input, weighted by a kernel.

    Args:
        in_channels, out_channels: how many channels an image has before and after.
        kernel_size: of the window; a number, or (height, width), as the next three.
        stride: from one window to the next, 1 unless given.
        padding: what is put around the image, 0 unless given; also "valid" (0), and
            "same" (what keeps the size).
        dilation: from one element of a window to the next, 1 unless given.
        groups: into how many parts, apart from each other, the channels fall.
        bias: whether each output channel gets one.
        padding_mode: of what the padding is: "zeros", "reflect", "replicate" or
            "circular".
        device, dtype: of the parameters; unless given, torch's defaults.

    Shapes: input (batch, in_channels, height, width), or without the batch; weight
    (out_channels, in_channels / groups, *kernel_size), bias (out_channels,).

    Raises: ValueError for groups that do not divide the channels, and for a padding or
    a mode that is not there; TypeError and RuntimeError for sizes as in `Linear`.

    >>> Conv2d(1, 8, 3, padding=1)(torch.ones(5, 1, 8, 8)).shape
    torch.Size([5, 8, 8, 8])

    Source: torch.nn.Conv2d. Built in chapter 08.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0,
                 dilation=1, groups=1, bias=True, padding_mode="zeros", device=None,
                 dtype=None):  # fmt: skip
        super().__init__()
        check_sizes(in_channels=in_channels, out_channels=out_channels)
        check_groups(in_channels, out_channels, groups)
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride = pair(kernel_size), pair(stride)
        self.padding = padding if isinstance(padding, str) else pair(padding)
        self.dilation, self.groups = pair(dilation), groups
        self.padding_mode = padding_mode
        check_padding(self.padding, self.stride, padding_mode)
        made = {"device": device, "dtype": dtype}
        shape = out_channels, in_channels // groups, *self.kernel_size
        self.weight = empty_parameter(*shape, **made)
        self.register_parameter(
            "bias", empty_parameter(out_channels, **made) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias anew, as `Linear` does."""
        draw_as_linear(self.weight, self.bias)

    def forward(self, input):
        """The convolution, with the padding put around first if it is not zeros."""
        padding = self.padding
        if self.padding_mode != "zeros":
            input = F.pad(input, self.sides(), mode=self.padding_mode)
            padding = (0, 0)
        if input.ndim != 4 or isinstance(padding, str):
            return call(
                torch.conv2d, input, self.weight, self.bias, self.stride, padding,
                self.dilation, self.groups,
            )  # fmt: skip
        return call(  # what conv2d comes to
            torch.convolution, input, self.weight, self.bias, self.stride, padding,
            self.dilation, False, (0, 0), self.groups,
        )  # fmt: skip

    def sides(self):
        """How much is put left, right, above and below, as F.pad wants it."""
        if not isinstance(self.padding, str):
            return [size for size in reversed(self.padding) for _ in range(2)]
        totals = [
            dilation * (size - 1) if self.padding == "same" else 0
            for dilation, size in zip(self.dilation, self.kernel_size, strict=True)
        ]
        return [
            side
            for total in reversed(totals)
            for side in (total // 2, total - total // 2)
        ]

    def extra_repr(self):
        """The sizes, and the options that differ from the defaults."""
        options = [
            f"{self.in_channels}, {self.out_channels}",
            f"kernel_size={self.kernel_size}, stride={self.stride}",
        ]
        defaults = {"padding": (0, 0), "dilation": (1, 1), "groups": 1}
        for name, default in defaults.items():
            value = getattr(self, name)
            if value != default:
                options.append(f"{name}={value}")
        if self.bias is None:
            options.append("bias=False")
        if self.padding_mode != "zeros":
            options.append(f"padding_mode={self.padding_mode}")
        return ", ".join(options)


def check_groups(in_channels, out_channels, groups):
    """ValueError unless the groups divide both numbers of channels."""
    if groups <= 0:
        raise ValueError(
            f"groups = {groups}: groups must be a positive integer; 1 is the default"
        )
    for name, channels in (("in", in_channels), ("out", out_channels)):
        if channels % groups:
            raise ValueError(
                f"{name}_channels = {channels}, groups = {groups}: "
                f"{name}_channels must be divisible by groups; change one of them"
            )


def check_padding(padding, stride, mode):
    """ValueError for a padding, or a mode, that is not there."""
    if isinstance(padding, str) and padding not in PADDINGS:
        raise ValueError(
            f"Invalid padding string {padding!r}, should be one of {PADDINGS}, or a "
            "number, or one each for height and width"
        )
    if padding == "same" and any(step != 1 for step in stride):
        raise ValueError(
            "padding='same' is not supported for strided convolutions: stride = "
            f"{stride}; give the padding as a number, or use stride 1"
        )
    if mode not in PADDING_MODES:
        raise ValueError(
            f"padding_mode must be one of {PADDING_MODES}, but got "
            f"padding_mode='{mode}'. Choose one of them"
        )
