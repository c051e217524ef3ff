"""A function of several coordinates, together with what is known about it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A function of n coordinates, and what is known about it.

    Calling it on a tensor of shape (..., n) gives values of shape (...), on the same
    device and in the same dtype. `minimum` holds the known global minimisers, each a
    tuple of n floats; it is empty where there is none, as for `saddle`, or none is
    known. `minimum_value` is the value there, and not a number where it is not known;
    `worse_minimum_values` are the values that the source gives for other places where a
    descent can end: local minima, flat points, and far out where the value levels off.
    `start` is the customary starting point; `box` gives (low, high) of each coordinate
    for a drawing; `source` says where the function comes from. Calling raises
    `TypeError` for what is not a tensor and `ValueError` for a last dimension other
    than n. Chapters 06, 07 and 11 to 14 descend on them.

    >>> import torch
    >>> from helpers.problems import booth
    >>> booth(torch.tensor([[1.0, 3.0], [0.0, 0.0]]))
    tensor([ 0., 74.])
    >>> booth.start
    (-5.0, 5.0)
    """

    name: str
    function: Callable
    minimum: tuple[tuple[float, ...], ...]
    start: tuple[float, ...]
    box: tuple[tuple[float, float], ...]
    source: str
    minimum_value: float = 0.0
    worse_minimum_values: tuple[float, ...] = ()

    def __call__(self, point):
        """The value at a point."""
        count = len(self.start)
        if not hasattr(point, "shape"):
            raise TypeError(
                f"point = {point!r} is of type {type(point).__name__}; allowed is a "
                f"tensor of shape (..., {count}): pass torch.tensor({point!r})"
            )
        if len(point.shape) == 0 or point.shape[-1] != count:
            raise ValueError(
                f"point has shape {tuple(point.shape)}; {self.name} allows "
                f"(..., {count}): put the coordinates in the last dimension"
            )
        return self.function(point)

    def __repr__(self):
        return f"Problem({self.name!r})"
