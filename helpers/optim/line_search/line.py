"""What a line search looks at: points on a line, and the conditions on a step.

With this module one can: evaluate a step and count it (`Line`), ask whether it is
accepted (`Line.falls_enough`, `Line.is_flat_enough`), say how a search ended
(`SearchResult`).
"""

import math
from dataclasses import dataclass
from typing import Any

import torch

HOLDS = "the conditions hold"
SPENT = "max_eval evaluations were made"
NONE_LEFT = "no step is left to try: the next is too near the last, or infinite"
NOTHING_FINITE = "phi is not finite at any step that was tried"


@dataclass(frozen=True)
class Point:
    """One step, and what phi said there.

    `step` is 0 or more. `value` and `slope` are numbers; a value of infinity marks a
    point where phi is not finite. `extra` is phi's third item, or None.
    """

    step: float
    value: float
    slope: float
    extra: Any = None


@dataclass(frozen=True)
class SearchResult:
    """The step at which a line search ended, what phi said there, and why it ended.

    `evaluations` counts the calls of phi. `satisfied` is True if the conditions of the
    search hold at `step`. `why` says in words how the search ended. A search that never
    found a lower value returns step 0, with the value, slope and `extra0` it was given.
    Chapter 11 reads it.
    """

    step: float
    value: float
    slope: float
    extra: Any
    evaluations: int
    satisfied: bool
    why: str


class Line:
    """The function phi along a direction, and the conditions that a step must meet.

    `start` is the `Point` at step 0. `c1` and `c2` are the constants of the two
    conditions; c2 is None for a search that looks at no slope. `max_eval` is how often
    phi may be called, `dtype` the one its values are computed in (float64 if None).

    >>> line = Line(lambda step: ((step - 1) ** 2, 2 * (step - 1)), Point(0, 1, -2))
    >>> point = line.at(0.5)
    >>> point.value, line.falls_enough(point), line.is_flat_enough(point)
    (0.25, True, True)
    >>> line.evaluations
    1

    Source: Nocedal and Wright, Numerical Optimization (2006), equations 3.7.
    """

    def __init__(self, phi, start, c1=1e-4, c2=0.9, max_eval=25, dtype=None):
        self.phi = phi
        self.start = start
        self.c1 = c1
        self.c2 = c2
        self.max_eval = max_eval
        self.dtype = dtype
        self.evaluations = 0
        self.finite = 0

    @property
    def is_spent(self):
        """Whether phi has been called as often as it may be."""
        return self.evaluations >= self.max_eval

    def at(self, step):
        """The `Point` at a step. One call of phi.

        What is not finite, in value or slope, counts as infinitely high. Raises
        `TypeError` if phi returns something else than two or three items, or no slope
        where one is needed.
        """
        self.evaluations += 1
        answer = self.phi(step)
        value, slope, extra = items_of(answer, with_slope=self.c2 is not None)
        if not (math.isfinite(value) and (slope is None or math.isfinite(slope))):
            return Point(step, math.inf, math.nan)
        self.finite += 1
        return Point(step, value, slope, extra)

    def falls_enough(self, point):
        """Whether the value falls by c1 of what the first slope promises (Armijo).

        Of a fall that is too small for the dtype to show, nothing is asked.
        """
        bound = self.start.value + self.c1 * point.step * self.start.slope
        return point.value <= rounded(bound, self.dtype)

    def is_flat_enough(self, point):
        """Whether no more than c2 of the first slope is left (strong curvature)."""
        return abs(point.slope) <= -self.c2 * self.start.slope

    def result(self, point, satisfied):
        """The `SearchResult` of a search that ended at this point."""
        why = HOLDS if satisfied else self.trouble()
        what = point.step, point.value, point.slope, point.extra
        return SearchResult(*what, self.evaluations, bool(satisfied), why)

    def trouble(self):
        """Why the search ended with no step that is accepted, in words."""
        if not self.finite:
            return NOTHING_FINITE
        return SPENT if self.is_spent else NONE_LEFT


def rounded(number, dtype):
    """A number as a dtype holds it; as it is, if the dtype is None or float64.

    >>> rounded(1 + 1e-9, torch.float32)
    1.0
    """
    if dtype in (None, torch.float64):
        return number
    return torch.tensor(number, dtype=dtype, device="cpu").item()


def items_of(answer, with_slope):
    """Value, slope and extra in what phi returned; extra is None if it is missing."""
    fit = isinstance(answer, tuple) and len(answer) in (2, 3)
    if not fit or (with_slope and answer[1] is None):
        raise TypeError(
            f"phi returned {answer!r}; allowed is a tuple (value, slope) or (value, "
            "slope, extra): return the slope too; backtracking alone takes None for it"
        )
    return answer if len(answer) == 3 else (*answer, None)
