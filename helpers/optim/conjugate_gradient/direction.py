"""The next direction of conjugate gradients, and what is kept to compute it.

With this module one can
- take the next direction (`next_direction`),
- choose the first trial step along it (`next_step`, `first_step`),
- store an iteration, and drop what is stored (`store`, `restart`).

A state is a dict, that of the first parameter. Vectors are flat tensors of all
parameters.
"""

import math
from typing import NamedTuple

import torch

from helpers.optim.base.products import dot, first_length
from helpers.optim.conjugate_gradient.beta import METHODS, RESTARTS

STATE_NAMES = "d", "t", "slope", "prev_flat_grad", "prev_loss", "since_restart"
LEAST_DESCENT = 1e-2  # of what -g has: Gilbert and Nocedal's condition, as in SciPy


class Direction(NamedTuple):
    """A direction d, its slope (g . d), and how many there were since a restart."""

    vector: torch.Tensor
    slope: float
    since: int


def next_direction(state, here, square, options):
    """The next direction: -g + beta * (the last one), or -g at a restart.

    `square` is g . g, which is known: to read it again would be to wait again.
    """
    gradient = here.extra
    beta = next_beta(state, gradient, options)
    if beta is not None:
        vector = gradient.neg().add_(state["d"], alpha=beta)
        slope = dot(gradient, vector)
        if -math.inf < slope <= -LEAST_DESCENT * square:  # no NaN either
            return Direction(vector, slope, state["since_restart"] + 1)
    return Direction(gradient.neg(), -square, 1)


def next_beta(state, gradient, options):
    """The beta of the method, or None where nothing of the last direction is kept.

    Nor is anything kept where beta is NaN or larger than any number of the dtype.
    """
    if "d" not in state or is_restart_due(state, gradient, options):
        return None
    method = METHODS[options["method"]]
    beta = method(gradient, state["prev_flat_grad"], state["d"])
    return beta if abs(beta) <= torch.finfo(gradient.dtype).max else None


def is_restart_due(state, gradient, options):
    """Whether one of the tests that were asked for starts afresh."""
    before, since = state["prev_flat_grad"], state["since_restart"]
    tests = [RESTARTS[name] for name in names_in(options["restart"])]
    return any(test(gradient, before, since) for test in tests)


def names_in(restart):
    """The names of tests in what a user gave: None, one name, or several.

    >>> names_in(None), names_in("powell"), names_in(["powell", "every-n"])
    ((), ('powell',), ('powell', 'every-n'))
    """
    if restart is None:
        return ()
    return (restart,) if isinstance(restart, str) else tuple(restart)


def first_step(here, options):
    """The first trial step, where nothing is stored: lr * min(1, 1 / sum(|g|))."""
    return first_length(here.extra) * float(options["lr"])


def next_step(state, here, direction, options):
    """The trial step that promises the change that the last step promised.

    None where nothing is stored, or it is no finite number above 0. A search that
    does not look at slopes may have ended far from the lowest point of its line; then
    the step that would have led there counts as the last one. Source: Nocedal and
    Wright, Numerical Optimization (2006), section 3.5, "Initial step length".
    """
    if "d" not in state:
        return None
    last = state["t"]
    if options["line_search_fn"] == "backtracking":
        last = lowest_step(last, state["slope"], dot(here.extra, state["d"]))
    step = last * (state["slope"] / direction.slope)
    return step if 0 < step < math.inf else None


def lowest_step(step, slope0, slope):
    """Where a parabola is lowest, by its slopes at 0 and at `step`.

    It is at least a tenth of `step`, and at most ten times as far.

    >>> lowest_step(1.0, -4.0, -2.0), lowest_step(1.0, -4.0, -4.0)
    (2.0, 10.0)
    """
    rise = slope - slope0
    if not rise > 0:
        return 10 * step
    return step * min(max(-slope0 / rise, 0.1), 10.0)


def store(state, here, there, direction):
    """Keep what the next iteration needs of a step from `here` to `there`."""
    state["d"] = direction.vector
    state["t"] = there.step
    state["slope"] = direction.slope
    state["prev_flat_grad"] = here.extra
    state["prev_loss"] = here.value
    state["since_restart"] = direction.since


def restart(state) -> bool:
    """Drop what is stored of directions; whether there was something."""
    known = [name for name in STATE_NAMES if name in state]
    for name in known:
        del state[name]
    return bool(known)
