"""Test problems of any size, whose minimum is known for a few sizes only.

With this module one can descend along nearly flat floors (watson, penalty_1,
penalty_2), and where every coordinate acts on every residual (chebyquad). At another
size `minimum_value` is not a number. Chapters 11 and 12 use them.
"""

from math import exp, nan

from helpers.problems.least_squares import checked_size, least_squares, like


def watson(dimensions=6):
    """Make Watson's fit of a polynomial to a differential equation, on [0, 1].

    The coordinates are the polynomial's coefficients, from the constant term on; the
    start is 0. The paper gives the minimum for 6, 9 and 12 `dimensions`; for others
    `minimum_value` is not a number. Raises `ValueError` below 2.

    >>> watson(9).minimum_value
    1.3997601381e-06
    """
    size = checked_size("watson", dimensions, least=2)
    known = {6: 2.28767005355239e-3, 9: 1.3997601381e-6, 12: 4.722381106e-10}

    def residuals(point):
        times = like(point, (i / 29 for i in range(1, 30)))
        powers = times ** like(point, range(size))[:, None]
        value = point @ powers
        slope = (point * like(point, range(size)))[..., 1:] @ powers[:-1]
        first, second = point[..., :1], point[..., 1:2]
        return slope - value**2 - 1, first, second - first**2 - 1

    return least_squares(
        f"Watson of {size}",
        20,
        residuals,
        start=(0.0,) * size,
        minimum_value=known.get(size, nan),
    )


def penalty_1(dimensions=10):
    """Make the first penalty function: near (1, ..., 1), on the sphere of radius 1/2.

    The distance to (1, ..., 1) counts 1e-5, so that the sphere wins. The paper gives
    the minimum for 4 and 10 `dimensions`; for others `minimum_value` is not a number.
    Raises `ValueError` below 1.

    >>> f"{penalty_1(4).minimum_value:.6}"
    '2.24998e-05'
    """
    size = checked_size("penalty_1", dimensions)
    known = {4: 2.24997750089994e-5, 10: 7.08765146709037e-5}

    def residuals(point):
        sphere = (point**2).sum(-1, keepdim=True) - 0.25
        return 1e-5**0.5 * (point - 1), sphere

    return least_squares(
        f"penalty I of {size}",
        23,
        residuals,
        start=tuple(float(i) for i in range(1, size + 1)),
        minimum_value=known.get(size, nan),
    )


def penalty_2(dimensions=10):
    """Make the second penalty function: exponentials that count 1e-5, on an ellipsoid.

    The paper gives the minimum for 4 and 10 `dimensions`; for others `minimum_value` is
    not a number. Raises `ValueError` below 1.

    >>> f"{penalty_2(4).minimum_value:.6}"
    '9.37629e-06'
    """
    size = checked_size("penalty_2", dimensions)
    known = {4: 9.37629300735544e-6, 10: 2.93660537456746e-4}
    weight = 1e-5**0.5
    sums = [exp(i / 10) + exp((i - 1) / 10) for i in range(2, size + 1)]

    def residuals(point):
        grown = (point / 10).exp()
        later, before = grown[..., 1:], grown[..., :-1]
        squares = like(point, range(size, 0, -1)) * point**2
        return (
            point[..., :1] - 0.2,
            weight * (later + before - like(point, sums)),
            weight * (later - exp(-0.1)),
            squares.sum(-1, keepdim=True) - 1,
        )

    return least_squares(
        f"penalty II of {size}",
        24,
        residuals,
        start=(0.5,) * size,
        minimum_value=known.get(size, nan),
    )


def chebyquad(dimensions=8):
    """Make Chebyquad: the points whose mean integrates Chebyshev polynomials on [0, 1].

    The minimum is 0 for 1 to 7 and 9 `dimensions`; the paper gives it for 8. What it
    gives for 10 is a worse local minimum, as SciPy's descents find a lower one. For
    others `minimum_value` is not a number. Raises `ValueError` below 1.

    >>> f"{chebyquad(8).minimum_value:.6}"
    '0.00351687'
    """
    size = checked_size("chebyquad", dimensions)
    known = {**dict.fromkeys((*range(1, 8), 9), 0.0), 8: 3.51687372567793e-3}
    known[10] = 4.77271369637535e-3

    def residuals(point):
        last, polynomial = 1, 2 * point - 1
        errors = []
        for degree in range(1, size + 1):
            integral = 0 if degree % 2 else -1 / (degree**2 - 1)
            errors.append(polynomial.mean(-1, keepdim=True) - integral)
            after = 2 * (2 * point - 1) * polynomial - last
            last, polynomial = polynomial, after
        return errors

    return least_squares(
        f"Chebyquad of {size}",
        35,
        residuals,
        start=tuple(i / (size + 1) for i in range(1, size + 1)),
        minimum_value=known.get(size, nan),
        worse_minimum_values=(6.50395480088231e-3,) if size == 10 else (),
    )
