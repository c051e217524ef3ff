"""What layers ask of their sizes, and how they fill them up."""

import torch

from helpers.nn.parameter import Parameter


def check_sizes(**sizes):
    """Refuse a size that is no whole number, or negative, with torch's class.

    >>> check_sizes(in_features=2, out_features=0)
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(
                f"{name} = {size!r} is of type {torch.typename(size)}; allowed is a "
                f"whole number of 0 or more: pass for example {name}=10"
            )
        if size < 0:
            raise RuntimeError(
                f"{name} = {size}: Trying to create tensor with negative dimension "
                f"{size}; allowed is a whole number of 0 or more: count again"
            )


def pair(size):
    """A size for height and width, from one for both.

    >>> pair(3), pair((1, 2))
    ((3, 3), (1, 2))
    """
    return (size, size) if isinstance(size, int) else tuple(size)


def empty_parameter(*shape, device=None, dtype=None):
    """A Parameter whose numbers are still to be drawn."""
    return Parameter(torch.empty(shape, device=device, dtype=dtype))
