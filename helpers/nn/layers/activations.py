"""Activations: functions that bend, element by element, and the softmax."""

import torch
import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn.module import Module

GELUS = ("none", "tanh")


class ReLU(Module):
    """The input where it is positive, else 0.

    Args:
        inplace: whether the input itself is changed.

    >>> ReLU()(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])

    Source: torch.nn.ReLU. Built in chapter 08.
    """

    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input):
        """max(input, 0)."""
        return input.relu_() if self.inplace else input.relu()

    def extra_repr(self):
        """Whether it changes its input."""
        return "inplace=True" if self.inplace else ""


class LeakyReLU(Module):
    """The input where it is positive, else that times a small slope.

    Args:
        negative_slope: the slope below 0.
        inplace: whether the input itself is changed.

    >>> LeakyReLU(0.5)(torch.tensor([-1.0, 2.0]))
    tensor([-0.5000,  2.0000])

    Source: torch.nn.LeakyReLU. Built in chapter 08.
    """

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input):
        """The input, flatter below 0."""
        return call(
            F.leaky_relu, input, negative_slope=self.negative_slope,
            inplace=self.inplace,
        )  # fmt: skip

    def extra_repr(self):
        """The slope, and whether it changes its input."""
        inplace = ", inplace=True" if self.inplace else ""
        return f"negative_slope={self.negative_slope}{inplace}"


class Tanh(Module):
    """The hyperbolic tangent: between -1 and 1.

    >>> Tanh()(torch.zeros(2))
    tensor([0., 0.])

    Source: torch.nn.Tanh. Built in chapter 08.
    """

    def forward(self, input):
        """tanh(input)."""
        return input.tanh()


class Sigmoid(Module):
    """1 / (1 + exp(-input)): between 0 and 1.

    >>> Sigmoid()(torch.zeros(2))
    tensor([0.5000, 0.5000])

    Source: torch.nn.Sigmoid. Built in chapter 08.
    """

    def forward(self, input):
        """sigmoid(input)."""
        return input.sigmoid()


class GELU(Module):
    """The input times the share of the normal distribution that lies below it.

    Args:
        approximate: "none", or "tanh" for an estimate by that function.

    Raises: RuntimeError for another.

    >>> GELU()(torch.zeros(2))
    tensor([0., 0.])

    Source: torch.nn.GELU, Hendrycks and Gimpel (2016). Built in chapter 08.
    """

    def __init__(self, approximate="none"):
        super().__init__()
        if approximate not in GELUS:
            raise RuntimeError(
                f"approximate = {approximate!r}: approximate argument must be either "
                "none or tanh. Leave it away for the exact one"
            )
        self.approximate = approximate

    def forward(self, input):
        """gelu(input)."""
        return call(F.gelu, input, approximate=self.approximate)

    def extra_repr(self):
        """Which of the two it is."""
        return f"approximate={self.approximate!r}"


class Softmax(Module):
    """exp(input), divided by its sum along a dimension: numbers that add up to 1.

    Args:
        dim: the dimension; unless given, what torch falls back to, with its warning.

    For a loss, `CrossEntropyLoss` takes the logits themselves.

    >>> Softmax(dim=0)(torch.zeros(2))
    tensor([0.5000, 0.5000])

    Source: torch.nn.Softmax. Built in chapter 08.
    """

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        """softmax(input)."""
        if self.dim is None:
            return call(F.softmax, input)
        return call(torch.softmax, input, self.dim)

    def extra_repr(self):
        """The dimension."""
        return f"dim={self.dim}"
