"""The line searches of conjugate gradients, by name in `SEARCHES`.

All are called alike: search(phi, start, step, max_eval, scale, tolerance_change). Here
phi is the change of the loss along the direction (`change_along`), `start` the `Point`
at 0, `step` the first trial; the rest is as for `strong_wolfe`. All return a
`SearchResult`.
"""

import math
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter

import torch

from helpers.optim.line_search import backtracking, strong_wolfe
from helpers.optim.line_search.line import Line

height = attrgetter("value")
C1, C2 = 1e-4, 0.1  # Nocedal and Wright (2006) advise 0.1, so that slopes become flat


def wolfe(phi, start, step, max_eval, scale, tolerance_change):
    """A step that meets the strong Wolfe conditions, with a slope of at most a tenth.

    >>> from helpers.optim.line_search import Point
    >>> def phi(step):
    ...     return (step - 1) ** 2, 2 * (step - 1)
    >>> wolfe(phi, Point(0, 1.0, -2.0), 8.0, 25, 1.0, 1e-9).step
    1.0
    """
    return strong_wolfe(
        phi,
        start.value,
        start.slope,
        step,
        c1=C1,
        c2=C2,
        max_eval=max_eval,
        tolerance_change=tolerance_change,
        scale=scale,
        extra0=start.extra,
    )


def armijo(phi, start, step, max_eval, scale, tolerance_change):
    """A step at which the value falls enough; the slope there is not looked at.

    >>> from helpers.optim.line_search import Point
    >>> def phi(step):
    ...     return (step - 1) ** 2, 2 * (step - 1)
    >>> armijo(phi, Point(0, 1.0, -2.0), 8.0, 25, 1.0, 1e-9).step
    1.0
    """
    value, slope = start.value, start.slope
    return backtracking(
        phi, value, slope, step, c1=C1, max_eval=max_eval, extra0=start.extra
    )


def exact(phi, start, step, max_eval, scale, tolerance_change):
    """The step at which a parabola is flat, from two of its slopes.

    1. Evaluate the slope at the trial `step`.
    2. A parabola's slope is a straight line: evaluate where it crosses 0.
    3. If the value does not fall enough there, or the slopes do not cross 0 ahead, the
       function is no such parabola: search as `wolfe` does.

    On a quadratic this is the exact minimum along the direction, for two evaluations.
    What it has evaluated, `wolfe` does not evaluate again.

    >>> from helpers.optim.line_search import Point
    >>> def phi(step):
    ...     return (step - 1) ** 2, 2 * (step - 1)
    >>> exact(phi, Point(0, 1.0, -2.0), 8.0, 25, 1.0, 1e-9).step
    1.0

    Source: Nocedal and Wright, Numerical Optimization (2006), section 5.1.
    """
    phi = lru_cache(maxsize=2)(phi)
    line = Line(phi, start, C1, C2, max_eval)
    trial = line.at(step)
    crossing = flat_step(start, trial)
    if not line.is_spent and 0 < crossing < math.inf:
        trial = min(trial, line.at(crossing), key=height)
    accepted = line.falls_enough(trial) and line.is_flat_enough(trial)
    if accepted or line.is_spent:
        return line.result(min(start, trial, key=height), accepted)
    known = line.evaluations - 1  # beside that at the first trial, which is asked again
    found = wolfe(phi, start, step, max_eval - known, scale, tolerance_change)
    return replace(found, evaluations=known + found.evaluations)


def flat_step(start, trial):
    """Where the slope of the parabola through two points is 0; NaN where nowhere.

    >>> from helpers.optim.line_search import Point
    >>> flat_step(Point(0, 1.0, -2.0), Point(4, 9.0, 6.0))
    1.0
    """
    rise = trial.slope - start.slope
    if not rise > 0:  # no minimum along this direction, or NaN
        return math.nan
    return trial.step * (-start.slope / rise)


def change_along(phi, value0, slope0):
    """How phi changes along a direction: from slopes where values don't show it.

    Close to a minimum a step changes the loss by less than its last digits show, while
    slopes are still exact. So where a value differs from `value0` by less than the
    square root of the dtype's precision, relatively, the difference is computed from
    the slopes, as for a parabola: step * (slope0 + slope) / 2. Armijo's condition then
    is Hager and Zhang's approximate one. The loss may rise by that little.

    `phi(step)` returns (value, slope, gradient). The new function returns (change of
    value, slope, (gradient, value)).

    >>> def phi(step):
    ...     return 1.0, 2 * (step - 1) * 1e-20, torch.zeros(1, dtype=torch.float64)
    >>> change, *_ = change_along(phi, 1.0, -2e-20)(1.0)
    >>> change
    -1e-20
    >>> change_along(phi, 3.0, -2e-20)(1.0)[0]
    -2.0

    Source: Hager and Zhang, A new conjugate gradient method with guaranteed descent
    and an efficient line search (2005), section 4; there the bound is 1e-6.
    """

    def change(step):
        value, slope, gradient = phi(step)
        difference = value - value0
        if math.isfinite(difference):
            doubt = torch.finfo(gradient.dtype).eps ** 0.5 * abs(value0)
            if abs(difference) <= doubt:
                difference = step * (slope0 + slope) / 2
        return difference, slope, (gradient, value)

    return change


SEARCHES = {"strong_wolfe": wolfe, "backtracking": armijo, "exact": exact}
