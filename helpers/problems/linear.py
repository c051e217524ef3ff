"""Test problems whose residuals are linear: a Newton step solves each at once.

With this module one can descend on a bowl (linear_full_rank), and where all minima
form a plane and the curvature is 0 along it (linear_rank_1, linear_rank_1_zero).
Chapters 11 and 12 use them.
"""

from helpers.problems.least_squares import checked_size, least_squares, like


def linear_full_rank(dimensions=5, residuals=10):
    """Make the linear function of full rank.

    `dimensions` n is 1 or more, `residuals` m is n or more, else `ValueError`. The
    minimum is m - n at (-1, ..., -1).

    >>> linear_full_rank(5, 10).minimum_value
    5.0
    """
    size = checked_size("linear_full_rank", dimensions)
    count = _checked_count("linear_full_rank", size, residuals)

    def errors(point):
        mean = 2 * point.sum(-1, keepdim=True) / count + 1
        rest = mean * like(point, [1.0] * (count - size))
        return point - mean, rest

    return least_squares(
        f"linear of full rank, {size} to {count}",
        32,
        errors,
        start=(1.0,) * size,
        minimum=((-1.0,) * size,),
        minimum_value=float(count - size),
    )


def linear_rank_1(dimensions=5, residuals=10):
    """Make the linear function of rank 1: every residual sees one weighted sum only.

    `dimensions` n is 1 or more, `residuals` m is n or more, else `ValueError`. The
    minima are where the sum of i * x_i is 3 / (2 m + 1); one of them is listed.

    >>> import torch
    >>> linear_rank_1(2, 2)(torch.zeros(2))
    tensor(2.)
    """
    size = checked_size("linear_rank_1", dimensions)
    count = _checked_count("linear_rank_1", size, residuals)
    weights = range(1, size + 1)

    def errors(point):
        return (_rank_1(point, weights, range(1, count + 1)),)

    return least_squares(
        f"linear of rank 1, {size} to {count}",
        33,
        errors,
        start=(1.0,) * size,
        minimum=((3 / (2 * count + 1) / sum(weights),) * size,),
        minimum_value=count * (count - 1) / (2 * (2 * count + 1)),
    )


def linear_rank_1_zero(dimensions=5, residuals=10):
    """Make the linear function of rank 1 that its first and last coordinate leave be.

    `dimensions` n is 3 or more, `residuals` m is n or more, else `ValueError`. The
    minima are where the sum of i * x_i, from 2 to n - 1, is 3 / (2 m - 3); one of them
    is listed.

    >>> import torch
    >>> linear_rank_1_zero(3, 3)(torch.tensor([7.0, 0.5, 9.0]))
    tensor(2.)
    """
    size = checked_size("linear_rank_1_zero", dimensions, least=3)
    count = _checked_count("linear_rank_1_zero", size, residuals)
    weights = [0, *range(2, size), 0]

    def errors(point):
        return (_rank_1(point, weights, [0, *range(1, count - 1), 0]),)

    return least_squares(
        f"linear of rank 1 with zeros, {size} to {count}",
        34,
        errors,
        start=(1.0,) * size,
        minimum=((3 / (2 * count - 3) / sum(weights),) * size,),
        minimum_value=(count**2 + 3 * count - 6) / (2 * (2 * count - 3)),
    )


def _rank_1(point, weights, factors):
    """A factor times the weighted sum of the coordinates, less 1, for each factor."""
    total = (like(point, weights) * point).sum(-1, keepdim=True)
    return like(point, factors) * total - 1


def _checked_count(name, size, count):
    """Return the number of residuals, or say which ones a problem allows."""
    if count >= size:
        return count
    raise ValueError(
        f"residuals = {count}; {name} of {size} coordinates allows {size} or more: "
        f"take problems.{name}({size}, {size})"
    )
