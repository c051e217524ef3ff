"""Differences of neighbours, and areas below a line through points."""

import torch

from helpers.autograd.operations.declare import composite

of_tensor = torch.Tensor


@composite(torch.diff, of_tensor.diff)
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Each element less the one before it, n times."""
    if input.ndim == 0 or n < 0:
        raise RuntimeError(
            "diff expects input to be at least one-dimensional, and order to be "
            f"non-negative but got {input.ndim} dimensions and n={n}"
        )
    if n == 0:
        return input.clone()
    parts = [each for each in (prepend, input, append) if each is not None]
    input = torch.cat(parts, dim) if len(parts) > 1 else input
    for _ in range(min(n, input.shape[dim])):
        length = input.shape[dim] - 1
        input = input.narrow(dim, 1, length) - input.narrow(dim, 0, length)
    return input


@composite(torch.trapezoid, torch.trapz)
def trapezoid(y, x=None, *, dx=None, dim=-1):
    """The area below a line through points, whose distances are dx or those of x."""
    return areas(y, x, dx, dim).sum(dim)


@composite(torch.cumulative_trapezoid)
def cumulative_trapezoid(y, x=None, *, dx=None, dim=-1):
    """The areas up to each point but the first."""
    return areas(y, x, dx, dim).cumsum(dim)


def areas(y, x, dx, dim):
    """The areas of the trapezoids between neighbours."""
    length = max(y.shape[dim] - 1, 0)
    both = y.narrow(dim, min(1, y.shape[dim]), length) + y.narrow(dim, 0, length)
    if x is None:
        return both * ((1 if dx is None else dx) / 2)
    if x.ndim == 1:
        shape = [1] * y.ndim
        shape[dim] = -1
        x = x.reshape(shape)
    elif x.ndim < y.ndim:
        x = x.reshape([1] * (y.ndim - x.ndim) + list(x.shape))
    return both * torch.diff(x, dim=dim) / 2
