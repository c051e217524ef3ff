"""The strong Wolfe conditions: a value that falls enough, a slope that is flat enough.

With this module one can: search for such a step (`strong_wolfe`), go forward until one
must lie behind (`bracket`). What narrows the bracket is in zoom.py.
"""

import math

from helpers.optim.line_search.checks import (
    check_conditions,
    check_lengths,
    check_line,
)
from helpers.optim.line_search.cubic import cubic_minimum
from helpers.optim.line_search.line import Line, Point
from helpers.optim.line_search.zoom import Zoom


def strong_wolfe(
    phi,
    value0,
    slope0,
    step=1.0,
    *,
    c1=1e-4,
    c2=0.9,
    max_eval=25,
    tolerance_change=1e-9,
    scale=1.0,
    extra0=None,
    dtype=None,
    mend=True,
):
    """Find a step that meets both strong Wolfe conditions.

    phi(step) <= value0 + c1 * step * slope0, and |phi'(step)| <= c2 * |slope0|.

    1. Go forward until such a step must lie between two points (`bracket`).
    2. Divide the interval until one is found (`Zoom`).

    `phi(step)` returns (value, slope) or (value, slope, extra). `value0` is phi(0), a
    finite number, and `slope0` its slope there, below 0. `step`, the first trial, is
    above 0; 0 < c1 <= c2 < 1; `max_eval`, how often phi may be called, is 1 or more.
    The search ends when the bracket's length times `scale` falls below
    `tolerance_change`, from 0 up. `scale` is above 0: the largest absolute entry of
    the direction makes it a change of parameters. `extra0` is what comes back as
    `extra` with step 0. `extra` is kept while the search goes on: hand back a new
    tensor each time, not one that is written again. `dtype` is the one that values
    were computed in, float64 if None: in float32 a fall may be too small to show.

    Returns a `SearchResult`. Where no step was accepted, it is the lower end of the
    last bracket, which may be step 0, with `satisfied` False; `why` says how it came.
    Raises `ValueError` for numbers that are not allowed, `TypeError` for a phi that
    does not return a tuple.

    The trial steps are those of torch.optim.LBFGS with line_search_fn="strong_wolfe",
    to the last bit, as long as those are good. Its `max_ls` is max_eval - 1. It departs
    in four places; with `mend=False`, only in the first.

    - A trial that is NaN or infinite counts as infinitely high. So the steps become
      shorter, where torch's may become longer, or NaN. No step is NaN or infinite.
    - An end of the bracket that does not fall enough is never taken for its good end.
      torch takes the lower end, and may then close in on a place with no such step.
    - A bracket below `tolerance_change` is divided further while its values differ.
    - Evaluations that are spent before there is a bracket end at the lower of the last
      two trials. torch compares the last with step 0, and may throw all away.

    torch's steps are 0-d tensors. Slopes, and `step`, may be such tensors here too;
    then steps are computed in their dtype. Numbers are taken for float64.

    >>> def phi(step):
    ...     return (step - 1) ** 4, 4 * (step - 1) ** 3
    >>> result = strong_wolfe(phi, value0=1.0, slope0=-4.0, step=8.0, c2=0.1)
    >>> round(result.step, 4), result.evaluations, result.why
    (0.7948, 4, 'the conditions hold')

    Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6;
    torch.optim.lbfgs, `_strong_wolfe`. For tests: More and Thuente, Line search
    algorithms with guaranteed sufficient decrease (1994). Chapter 11 builds it.
    """
    check_line(value0, slope0, step, max_eval)
    check_conditions(c1, c2)
    check_lengths(tolerance_change, scale)
    line = Line(phi, Point(0, value0, slope0, extra0), c1, c2, max_eval, dtype)
    ends = bracket(line, step, mend)
    if len(ends) == 2:
        ends = [Zoom(line, ends, tolerance_change, scale, mend).search()]
    point = ends[0]
    return line.result(point, line.falls_enough(point) and line.is_flat_enough(point))


def bracket(line, step, mend=True):
    """Go forward from 0 until the conditions hold, or must hold at a step in between.

    Returns one `Point` that meets them, or two that enclose such a step. When the
    evaluations are spent, or the steps grow past all numbers, the two are the last
    trials; with `mend=False` the start and the last trial.

    Source: Nocedal and Wright (2006), algorithm 3.5.
    """
    before, trial = line.start, line.at(step)
    while not line.is_spent:
        rises = line.evaluations > 2 and trial.value >= before.value
        if rises or not line.falls_enough(trial):
            return [before, trial]
        if line.is_flat_enough(trial):
            return [trial]
        if trial.slope >= 0:
            return [before, trial]
        step = further(before, trial)
        if not step < math.inf:
            break
        before, trial = trial, line.at(step)
    return [before if mend else line.start, trial]


def further(before, trial):
    """The next step forward: where the cubic is lowest, at most ten times as far."""
    nearest = trial.step + 0.01 * (trial.step - before.step)
    return cubic_minimum(before, trial, bounds=(nearest, trial.step * 10))
