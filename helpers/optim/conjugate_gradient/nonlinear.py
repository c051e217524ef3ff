"""Nonlinear conjugate gradients: each direction keeps a part of the one before.

The formulas for what is kept are in beta.py, the searches for a step in searches.py.
"""

import math

import torch

from helpers.optim.base.products import dot, largest
from helpers.optim.base.warn_once import warn_once
from helpers.optim.closure.objective import Objective
from helpers.optim.closure_optimizer import ClosureOptimizer
from helpers.optim.conjugate_gradient.direction import (
    STATE_NAMES,
    first_step,
    next_direction,
    next_step,
    restart,
    store,
)
from helpers.optim.conjugate_gradient.options import check_conjugate_gradient
from helpers.optim.conjugate_gradient.searches import SEARCHES, change_along
from helpers.optim.line_search import Point

MOST_TRIALS = 25  # of one search along a direction, as in torch.optim.LBFGS


class ConjugateGradient(ClosureOptimizer):
    """Go along directions that don't undo each other, each as far as a search says.

    1. Ask the closure for the loss and its gradient g.
    2. The direction is -g at first, then -g + beta * (last direction).
    3. If it does not lead downhill, or a restart is due, it is -g again.
    4. Search along it for a step, and go there; then back to 2.

    Args:
        params: parameters, (name, parameter) pairs or one group, as for `Optimizer`.
        lr: above 0 (1), scales the first trial step only: lr * min(1, 1 / sum(|g|));
            later ones follow from the step before.
        max_iter: from 1 up (20), iterations in one call of `step(closure)`.
        max_eval: from 1 up, evaluations after which `step` ends; or None (None), no
            limit but that of each search, 25. A search that it cuts short spoils the
            next directions: leave it out, or give it three for each iteration.
        method: the formula for beta, "fletcher-reeves", "polak-ribiere+",
            "hestenes-stiefel" (the default), "dai-yuan" or "hager-zhang".
        restart: what starts afresh, "powell" (the default; gradients far from
            orthogonal), "every-n" (n steps in n dimensions), a tuple of both, or None;
            a direction that does not lead downhill always does.
        tolerance_grad: from 0 up (1e-7), ends `step` where the largest entry of the
            gradient is at most this.
        tolerance_change: from 0 up (1e-9), ends it where the slope, the change of the
            loss, or the largest change of a parameter is below this.
        line_search_fn: "strong_wolfe" (the default), "exact" (exact on a quadratic,
            which then takes n iterations in n dimensions), or "backtracking". The last
            looks at no slope, while the formulas trust that it has become flat: take
            method="hager-zhang" and restart=None with it, and expect several times the
            evaluations.

    `step(closure)` returns the loss at its first evaluation. The state of the first
    parameter holds, in torch's words where LBFGS has the same: "func_evals", "n_iter",
    "d" (the last direction), "t" (the last step), "slope", "prev_flat_grad",
    "prev_loss" (before the last step), "since_restart".

    Raises: at construction `ValueError` for more than one group and for options out of
    range, `TypeError` for options of the wrong kind. A loss or gradient that is not
    finite gives a `UserWarning`, and the parameters stay; along a direction it makes
    the step shorter. Changes of the loss that rounding hides are computed from slopes.

    Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 5.4; the frame
    is that of `torch.optim.LBFGS`. Chapter 11 builds it.

    >>> from helpers.problems import rosenbrock
    >>> point = torch.nn.Parameter(torch.tensor(rosenbrock.start, dtype=torch.float64))
    >>> optimizer = ConjugateGradient([point], max_iter=100)
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = rosenbrock(point)
    ...     loss.backward()
    ...     return loss
    >>> loss = optimizer.step(closure)
    >>> [round(value, 3) for value in point.tolist()]
    [1.0, 1.0]
    """

    state_names = (*ClosureOptimizer.state_names, *STATE_NAMES)

    def __init__(
        self,
        params,
        lr=1,
        max_iter=20,
        max_eval=None,
        *,
        method="hestenes-stiefel",
        restart="powell",
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
        line_search_fn="strong_wolfe",
    ):
        options = dict(lr=lr, max_iter=max_iter, max_eval=max_eval)
        options |= dict(method=method, restart=restart, tolerance_grad=tolerance_grad)
        options |= dict(tolerance_change=tolerance_change)
        options |= dict(line_search_fn=line_search_fn)
        super().__init__(params, options)

    @torch.no_grad()
    def step(self, closure):
        """Make up to max_iter iterations, and return the loss at the first evaluation.

        Args:
            closure: clears the gradients, computes the loss, calls `backward()` and
                returns the loss; called several times.

        Raises: what `helpers.optim.closure.call.call_required` raises.
        """
        options = self.param_groups[0]
        state = self.memory()
        objective = Objective(self, closure)
        here = start_of(objective)
        for _ in range(options["max_iter"]):
            size = square(here.extra)
            if is_done(here, size, objective, options):
                break
            state["n_iter"] += 1
            direction = next_direction(state, here, size, options)
            if is_flat(direction, options):
                break
            there = line_search(objective, here, direction, state, options)
            if there.step == 0 and not restart(state):  # not even along -g
                break
            if there.step > 0:
                objective.move(there.step, direction.vector)
                store(state, here, there, direction)
                if is_small(here, there, direction, options):
                    break
            here = there
        state["func_evals"] += objective.evaluations
        return objective.first

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for options that make no sense."""
        check_conjugate_gradient(options)


def start_of(objective):
    """The `Point` where a step starts: the loss there, and its gradient as `extra`.

    Warns, once for each optimizer, of what is not finite.
    """
    value, gradient = objective.evaluate()
    here = Point(0, value, math.nan, gradient)
    size = square(gradient)
    if not (math.isfinite(value) and math.isfinite(size)):
        warn_once(
            objective.optimizer,
            f"loss = {value} and |gradient|^2 = {size}; allowed are finite "
            "numbers: the parameters stay where they are. Start elsewhere, or look for "
            "a division by 0, a log of 0 or an overflow in the closure",
        )
    return here


def square(vector):
    """A vector times itself, a Python number."""
    return dot(vector, vector)


def is_done(here, size, objective, options):
    """Whether to stop: not finite, evaluations spent, or the gradient small.

    `size` is the square of the gradient.
    """
    if not (math.isfinite(here.value) and math.isfinite(size)):
        return True
    spent = evaluations_left(objective, options) < 1
    flat = largest(here.extra) <= options["tolerance_grad"]
    return spent or flat


def is_flat(direction, options):
    """Whether the loss does not fall along a direction, as far as a dtype can tell."""
    return direction.slope > -options["tolerance_change"] or direction.slope == 0


def evaluations_left(objective, options):
    """How often this step may still call the closure; infinity without a limit."""
    most = options["max_eval"]
    return math.inf if most is None else most - objective.evaluations


def line_search(objective, here, direction, state, options):
    """Search along a direction: the `Point` there, its step counted from `here`."""
    step = next_step(state, here, direction, options) or first_step(here, options)
    phi = objective.along(direction.vector)
    found = SEARCHES[options["line_search_fn"]](
        change_along(phi, here.value, direction.slope),
        Point(0, 0.0, direction.slope, (here.extra, here.value)),
        step,
        min(evaluations_left(objective, options), MOST_TRIALS),
        largest(direction.vector),
        options["tolerance_change"],
    )
    gradient, value = found.extra
    return Point(found.step, value, found.slope, gradient)


def is_small(here, there, direction, options):
    """Whether the loss, or every parameter, has hardly changed."""
    least = options["tolerance_change"]
    moved = there.step * largest(direction.vector)
    return moved <= least or abs(there.value - here.value) < least
