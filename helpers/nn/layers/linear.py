"""Linear layers, and what only passes on or lays out anew."""

import math

import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn import init
from helpers.nn.layers.sizes import check_sizes, empty_parameter
from helpers.nn.module import Module


class Linear(Module):
    """input @ weight.T + bias.

    Args:
        in_features: the length of the input's last dimension.
        out_features: the length of the output's.
        bias: whether a bias is added.
        device, dtype: of the parameters; unless given, torch's defaults.

    Shapes: input (..., in_features), output (..., out_features); weight (out_features,
    in_features), bias (out_features,). Both are drawn from U(-b, b) with
    b = 1 / sqrt(in_features).

    Raises: TypeError for sizes that are no whole numbers; RuntimeError below 0.

    >>> import torch
    >>> Linear(3, 2)(torch.ones(5, 3)).shape
    torch.Size([5, 2])

    Source: torch.nn.Linear. Built in chapter 08.
    """

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        check_sizes(in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        made = {"device": device, "dtype": dtype}
        self.weight = empty_parameter(out_features, in_features, **made)
        self.register_parameter(
            "bias", empty_parameter(out_features, **made) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias anew."""
        draw_as_linear(self.weight, self.bias)

    def forward(self, input):
        """input @ weight.T + bias."""
        return call(F.linear, input, self.weight, self.bias)

    def extra_repr(self):
        """The sizes, and whether there is a bias."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


def draw_as_linear(weight, bias):
    """torch's draw for linear layers and convolutions: U(-b, b), b = 1 / sqrt(fan in).

    kaiming_uniform_ with a slope of sqrt(5) comes to the same bound for the weight.
    """
    init.kaiming_uniform_(weight, a=math.sqrt(5))
    if bias is not None:
        fan_in, _ = init.fans(weight)
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        init.uniform_(bias, -bound, bound)


class Identity(Module):
    """The input itself; takes the place of a layer that is left out.

    Args: any, which are not looked at, as in torch.

    >>> Identity(54, unused=True)
    Identity()

    Source: torch.nn.Identity. Built in chapter 08.
    """

    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        """The input."""
        return input


class Flatten(Module):
    """Several dimensions made one; unless told otherwise, all but the first.

    Args:
        start_dim: the first of them.
        end_dim: the last.

    >>> import torch
    >>> Flatten()(torch.ones(5, 2, 3)).shape
    torch.Size([5, 6])

    Source: torch.nn.Flatten. Built in chapter 08.
    """

    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        """The same numbers in another shape."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self):
        """Both dimensions."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
