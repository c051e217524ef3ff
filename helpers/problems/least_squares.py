"""Makes a Problem of the residuals of a test problem, as its paper writes them.

Moré, Garbow and Hillstrom (1981) give each problem as m residuals r_1, ..., r_m of n
coordinates; the function to descend on is r_1**2 + ... + r_m**2. With this module one
can write such a problem as its residuals alone (least_squares), with the coordinates
under names of their own (coordinates) and constants beside the point (like).
"""

import torch

from helpers.problems.problem import Problem

PAPER = (
    "Moré, Garbow and Hillstrom, Testing unconstrained optimization software, "
    "ACM Transactions on Mathematical Software 7 (1981), 17-41, problem {}"
)


def least_squares(name, number, residuals, start, minimum=(), **known):
    """Make the `Problem` with that number in the paper.

    `residuals` takes a point of shape (..., n) and returns several tensors, each of
    shape (..., k): k of the m residuals. `known` holds `minimum_value` and
    `worse_minimum_values`, where they are not 0 and none. The box holds the start and
    the minima, with room on each side.

    >>> def ends(point):
    ...     return point[..., :1] - 1, 2 * point[..., 1:]
    >>> parabola = least_squares("parabola", 0, ends, (3.0, 1.0), ((1.0, 0.0),))
    >>> parabola(torch.tensor([3.0, 1.0]))
    tensor(8.)
    >>> parabola.box
    ((0.5, 3.5), (-0.25, 1.25))
    """

    def function(point):
        return sum((block**2).sum(-1) for block in residuals(point))

    return Problem(
        name=name,
        function=function,
        minimum=minimum,
        start=start,
        box=tuple(_room(values) for values in zip(start, *minimum, strict=True)),
        source=PAPER.format(number),
        **known,
    )


def _room(values):
    """The interval of some numbers, a quarter wider on each side."""
    low, high = min(values), max(values)
    margin = (high - low) / 4 or 1.0
    return low - margin, high + margin


def coordinates(point):
    """Take a point of shape (..., n) apart into n tensors of shape (..., 1).

    Beside constants of shape (m,) each of them broadcasts to (..., m).

    >>> x, y = coordinates(torch.tensor([3.0, 4.0]))
    >>> x * torch.tensor([1.0, 10.0, 100.0]) + y
    tensor([  7.,  34., 304.])
    """
    return point.split(1, -1)


def like(point, values):
    """Put numbers into a tensor on the device and in the dtype of a point.

    >>> like(torch.zeros(2, dtype=torch.float64), range(3))
    tensor([0., 1., 2.], dtype=torch.float64)
    """
    return torch.tensor(list(values), dtype=point.dtype, device=point.device)


def checked_size(name, dimensions, least=1, multiple=1):
    """Return the number of coordinates, or say which ones a problem allows.

    Raises `ValueError` below `least`, and for what is no multiple of `multiple`.

    >>> checked_size("watson", 6, least=2)
    6
    """
    if dimensions >= least and dimensions % multiple == 0:
        return dimensions
    steps = f", in steps of {multiple}" if multiple > 1 else ""
    raise ValueError(
        f"dimensions = {dimensions}; {name} allows {least} or more{steps}: take "
        f"problems.{name}({least})"
    )
