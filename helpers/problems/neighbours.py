"""Test problems where each residual sees a coordinate and those beside it.

With this module one can solve, by descent, a differential equation on a grid
(discrete_boundary_value), an integral equation (discrete_integral_equation) and two
banded systems (broyden_tridiagonal, broyden_banded). Each has a minimum of 0, at a
point without a formula. Chapters 11 and 12 use them.
"""

from torch.nn.functional import pad

from helpers.problems.least_squares import checked_size, least_squares, like


def discrete_boundary_value(dimensions=10):
    """Make u'' = (u + t + 1)**3 / 2 with u(0) = u(1) = 0, on a grid of [0, 1].

    `dimensions` is the number of grid points inside, 1 or more, else `ValueError`.

    >>> discrete_boundary_value(3).start
    (-0.1875, -0.25, -0.1875)
    """
    size = checked_size("discrete_boundary_value", dimensions)
    times = _grid(size)

    def residuals(point):
        before, after = _neighbours(point)
        cubes = (point + like(point, times) + 1) ** 3
        return (2 * point - before - after + cubes / (2 * (size + 1) ** 2),)

    return least_squares(
        f"discrete boundary value of {size}", 28, residuals, start=_sagging(times)
    )


def discrete_integral_equation(dimensions=10):
    """Make the equation of `discrete_boundary_value` as an integral: no derivatives.

    `dimensions` is the number of grid points inside, 1 or more, else `ValueError`.

    >>> discrete_integral_equation(3).start
    (-0.1875, -0.25, -0.1875)
    """
    size = checked_size("discrete_integral_equation", dimensions)
    times = _grid(size)

    def residuals(point):
        t = like(point, times)
        kernel = t.minimum(t[:, None]) * (1 - t.maximum(t[:, None]))
        return (point + (point + t + 1) ** 3 @ kernel / (2 * (size + 1)),)

    return least_squares(
        f"discrete integral equation of {size}", 29, residuals, start=_sagging(times)
    )


def broyden_tridiagonal(dimensions=10):
    """Make Broyden's tridiagonal system: each coordinate bound to its two neighbours.

    `dimensions` is 1 or more, else `ValueError`.

    >>> import torch
    >>> broyden_tridiagonal(3)(torch.zeros(3))
    tensor(3.)
    """
    size = checked_size("broyden_tridiagonal", dimensions)

    def residuals(point):
        before, after = _neighbours(point)
        return ((3 - 2 * point) * point - before - 2 * after + 1,)

    return least_squares(
        f"Broyden tridiagonal of {size}", 30, residuals, start=(-1.0,) * size
    )


def broyden_banded(dimensions=10):
    """Make Broyden's banded system: each coordinate bound to five before, one after.

    `dimensions` is 1 or more, else `ValueError`.

    >>> import torch
    >>> broyden_banded(3)(torch.zeros(3))
    tensor(3.)
    """
    size = checked_size("broyden_banded", dimensions)

    def residuals(point):
        places = like(point, range(size))
        ahead = places - places[:, None]  # by how much each column lies ahead
        band = (-1 <= ahead) & (ahead <= 5) & (ahead != 0)
        others = (point * (1 + point)) @ band.to(point.dtype)
        return ((2 + 5 * point**2) * point + 1 - others,)

    return least_squares(
        f"Broyden banded of {size}", 31, residuals, start=(-1.0,) * size
    )


def _grid(size):
    """The grid points strictly between 0 and 1."""
    return [i / (size + 1) for i in range(1, size + 1)]


def _sagging(times):
    return tuple(t * (t - 1) for t in times)


def _neighbours(point):
    """The coordinate before each one and the one after it; 0 beyond the ends."""
    padded = pad(point, (1, 1))
    return padded[..., :-2], padded[..., 2:]
