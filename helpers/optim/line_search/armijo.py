"""Backtracking: a step is made shorter until the value falls enough."""

from helpers.optim.line_search.checks import check_between, check_line
from helpers.optim.line_search.line import Line, Point


def backtracking(
    phi, value0, slope0, step=1.0, *, c1=1e-4, shrink=0.5, max_eval=25, extra0=None
):
    """Shorten a step until it meets Armijo's condition.

    1. Evaluate phi at `step`.
    2. If phi(step) <= value0 + c1 * step * slope0, accept it.
    3. Otherwise multiply the step by `shrink`, and go back to 1.

    `phi(step)` returns (value, slope) or (value, slope, extra); the slope may be None,
    for it is not looked at. `value0` is phi(0), a finite number, and `slope0` its slope
    there, below 0. `step` is above 0; `c1` and `shrink` lie between 0 and 1; `max_eval`
    is 1 or more. `extra0` is what comes back as `extra` with step 0.

    Returns a `SearchResult`. A step where the value or the slope is NaN or infinite is
    shortened like any other. After `max_eval` evaluations without success, or when the
    step has shrunk to 0, the lowest point is returned, step 0 among them, with
    `satisfied` False. Raises `ValueError` for numbers that are not allowed, `TypeError`
    for a phi that does not return a tuple.

    >>> def phi(step):
    ...     return (step - 1) ** 2, 2 * (step - 1)
    >>> result = backtracking(phi, value0=1.0, slope0=-2.0, step=8.0)
    >>> result.step, result.value, result.evaluations, result.satisfied
    (1.0, 0.0, 4, True)

    Source: Armijo (1966); Nocedal and Wright, Numerical Optimization (2006), algorithm
    3.1. Chapter 11 builds it.
    """
    check_line(value0, slope0, step, max_eval)
    check_between("c1", c1)
    check_between("shrink", shrink)
    line = Line(phi, Point(0, value0, slope0, extra0), c1, None, max_eval)
    lowest = line.start
    while step > 0 and not line.is_spent:  # a step that shrinks on becomes 0
        trial = line.at(step)
        if line.falls_enough(trial):
            return line.result(trial, satisfied=True)
        lowest = min(lowest, trial, key=lambda point: point.value)
        step = step * shrink
    return line.result(lowest, satisfied=False)
