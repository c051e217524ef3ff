"""The six functions on which Moré and Thuente tried their line search, and its counts.

Source: Moré and Thuente, Line search algorithms with guaranteed sufficient decrease,
ACM Transactions on Mathematical Software 20 (1994), section 5, tables I to VI.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass


def dip(step, beta=2.0):
    """Function 1: after one dip it rises slowly towards 0, for ever."""
    bottom = step**2 + beta
    return -step / bottom, (step**2 - beta) / bottom**2


def late_dip(step, beta=0.004):
    """Function 2: nearly flat at first, then one deep dip."""
    x = step + beta
    return x**5 - 2 * x**4, 5 * x**4 - 8 * x**3


def wavy_corner(step, beta=0.01, waves=39):
    """Function 3: a corner, rounded, with small waves on both arms."""
    value, slope = rounded_corner(step, beta)
    share, angle = 1 - beta, waves * math.pi / 2
    wave = 2 * share / (waves * math.pi) * math.sin(angle * step)
    return value + wave, slope + share * math.cos(angle * step)


def rounded_corner(step, beta):
    """|1 - step|, with a parabola for the corner."""
    if abs(step - 1) >= beta:
        return abs(step - 1), math.copysign(1, step - 1)
    return (step - 1) ** 2 / (2 * beta) + beta / 2, (step - 1) / beta


def flat_valley(beta1, beta2):
    """Functions 4 to 6: a nearly flat floor, with a bend near 0 and one near 1."""

    def phi(step):
        first = math.hypot(1 - step, beta2)
        second = math.hypot(step, beta1)
        a, b = share(beta1), share(beta2)
        return a * first + b * second, a * (step - 1) / first + b * step / second

    return phi


def share(beta):
    """How much of a valley's wall its bend gets."""
    return math.hypot(1, beta) - beta


@dataclass(frozen=True)
class Row:
    """One row of a table: what to search from where, and the evaluations it took."""

    number: int
    phi: Callable
    c1: float
    c2: float
    step: float
    published: int


TABLES = [
    (dip, 0.001, 0.1, (6, 3, 1, 4)),
    (late_dip, 0.1, 0.1, (12, 8, 8, 11)),
    (wavy_corner, 0.1, 0.1, (12, 12, 10, 13)),
    (flat_valley(0.001, 0.001), 0.001, 0.001, (4, 1, 3, 4)),
    (flat_valley(0.01, 0.001), 0.001, 0.001, (6, 3, 7, 8)),
    (flat_valley(0.001, 0.01), 0.001, 0.001, (13, 11, 8, 11)),
]
ROWS = [
    Row(number, phi, c1, c2, step, count)
    for number, (phi, c1, c2, counts) in enumerate(TABLES, 1)
    for step, count in zip((1e-3, 1e-1, 1e1, 1e3), counts, strict=True)
]
