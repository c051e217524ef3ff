"""Test problems in as many coordinates as one likes, each with a minimum of 0.

With this module one can descend into Rosenbrock's and Powell's valleys side by side
(extended_rosenbrock, extended_powell), and where every coordinate acts on every
residual (variably_dimensioned, trigonometric, brown_almost_linear). Chapters 11 and 12
use them.
"""

from helpers.problems.least_squares import checked_size, least_squares, like


def extended_rosenbrock(dimensions=10):
    """Make Rosenbrock's valley for each pair of coordinates, all at once.

    `dimensions` is even, else `ValueError`; the minimum is 0 at (1, ..., 1). Unlike in
    `rosenbrock_chain`, no pair knows of another.

    >>> import torch
    >>> extended_rosenbrock(4)(torch.zeros(4))
    tensor(2.)
    """
    size = checked_size("extended_rosenbrock", dimensions, least=2, multiple=2)
    return least_squares(
        f"extended Rosenbrock of {size}",
        21,
        _extended_rosenbrock,
        start=(-1.2, 1.0) * (size // 2),
        minimum=((1.0,) * size,),
    )


def _extended_rosenbrock(point):
    x, y = point[..., 0::2], point[..., 1::2]
    return 10 * (y - x**2), 1 - x


def extended_powell(dimensions=12):
    """Make Powell's singular function for each four coordinates, all at once.

    `dimensions` is a multiple of 4, else `ValueError`; the minimum is 0 at
    (0, ..., 0), where the Hessian is singular.

    >>> import torch
    >>> extended_powell(8)(torch.ones(8))
    tensor(244.)
    """
    size = checked_size("extended_powell", dimensions, least=4, multiple=4)
    return least_squares(
        f"extended Powell singular of {size}",
        22,
        _extended_powell,
        start=(3.0, -1.0, 0.0, 1.0) * (size // 4),
        minimum=((0.0,) * size,),
    )


def _extended_powell(point):
    x1, x2, x3, x4 = (point[..., i::4] for i in range(4))
    pairs = x1 + 10 * x2, 5**0.5 * (x3 - x4)
    return *pairs, (x2 - 2 * x3) ** 2, 10**0.5 * (x1 - x4) ** 2


def variably_dimensioned(dimensions=10):
    """Make a bowl with the fourth power of one weighted sum on top.

    `dimensions` is 1 or more, else `ValueError`; the minimum is 0 at (1, ..., 1).

    >>> import torch
    >>> variably_dimensioned(2)(torch.zeros(2))
    tensor(92.)
    """
    size = checked_size("variably_dimensioned", dimensions)

    def residuals(point):
        weights = like(point, range(1, size + 1))
        total = (weights * (point - 1)).sum(-1, keepdim=True)
        return point - 1, total, total**2

    return least_squares(
        f"variably dimensioned of {size}",
        25,
        residuals,
        start=tuple(1 - i / size for i in range(1, size + 1)),
        minimum=((1.0,) * size,),
    )


def trigonometric(dimensions=10):
    """Make the trigonometric function: waves, each coupled to the sum of all.

    `dimensions` is 1 or more, else `ValueError`. A minimum of 0 is at (0, ..., 0); for
    10 coordinates the paper gives a worse one too.

    >>> import torch
    >>> trigonometric(3)(torch.zeros(3))
    tensor(0.)
    """
    size = checked_size("trigonometric", dimensions)

    def residuals(point):
        cosines = point.cos()
        missing = size - cosines.sum(-1, keepdim=True)
        weights = like(point, range(1, size + 1))
        return (missing + weights * (1 - cosines) - point.sin(),)

    return least_squares(
        f"trigonometric of {size}",
        26,
        residuals,
        start=(1 / size,) * size,
        minimum=((0.0,) * size,),
        worse_minimum_values=(2.79505612188e-5,) if size == 10 else (),
    )


def brown_almost_linear(dimensions=10):
    """Make Brown's almost linear function: all residuals but one are linear.

    `dimensions` is n, 1 or more, else `ValueError`. The minimum is 0 at (1, ..., 1),
    and at points that are not listed. The gradient is 0 at (0, ..., 0, n + 1) too, from
    n = 3 on; the value there is 1, and a descent can come to rest.

    >>> import torch
    >>> brown_almost_linear(3)(torch.tensor([0.0, 0.0, 4.0]))
    tensor(1.)
    """
    size = checked_size("brown_almost_linear", dimensions)

    def residuals(point):
        linear = point[..., :-1] + point.sum(-1, keepdim=True) - (size + 1)
        return linear, point.prod(-1, keepdim=True) - 1

    return least_squares(
        f"Brown almost linear of {size}",
        27,
        residuals,
        start=(0.5,) * size,
        minimum=((1.0,) * size,),
        worse_minimum_values=(1.0,) if size > 2 else (),
    )
