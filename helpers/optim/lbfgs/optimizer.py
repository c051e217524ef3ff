"""LBFGS: a quasi-Newton method whose inverse Hessian is made of the last steps."""

import math

import torch

from helpers.optim.base.options import check_count, number_of
from helpers.optim.base.products import dot, first_length, largest
from helpers.optim.base.warn_once import warn_once
from helpers.optim.closure.objective import Objective
from helpers.optim.closure_optimizer import ClosureOptimizer
from helpers.optim.lbfgs.history import History
from helpers.optim.lbfgs.iteration import Iteration, are_finite, are_same
from helpers.optim.lbfgs.options import check_lbfgs
from helpers.optim.line_search import strong_wolfe
from helpers.optim.line_search.line import NOTHING_FINITE

LONGEST_SEARCH = 26  # evaluations; torch's `_strong_wolfe` calls it max_ls = 25
SHORTEST_BRACKET = 1e-9  # where torch's search ends, whatever tolerance_change is
STATE_NAMES = "d", "t", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad"


class LBFGS(ClosureOptimizer):
    """Newton's method with a Hessian that is guessed from the last steps.

    Args:
        params: parameters, (name, parameter) pairs or one group, as for `Optimizer`.
        lr: from 0 up (1), the first step that the search tries along a direction, in
            units of it; without a search, the step that is taken.
        max_iter: from 1 up (20), iterations in one call of `step`.
        max_eval: from 1 up (max_iter * 5 // 4), calls of the closure in one `step`,
            after which no iteration begins.
        tolerance_grad: from 0 up (1e-7), ends the step where the largest entry of the
            gradient is at most this.
        tolerance_change: from 0 up (1e-9), ends it where the largest change of a
            parameter, the change of the loss, or the slope along the direction is
            below this.
        history_size: from 1 up (100), how many pairs of vectors are kept.
        line_search_fn: "strong_wolfe"; or None (None): each iteration goes `lr` times
            the direction, however that ends.
        curvature: "absolute" as in torch ("absolute"), or "relative": which pairs are
            kept, see `helpers.optim.lbfgs.history`.

    There is one parameter group. State, under the first parameter, is that of torch.
    `step(closure)` needs the closure, and returns the loss before the step. Parameters
    never stay where the loss or the gradient is not finite: they are put back to the
    last good point, with a `UserWarning`.

    Raises: `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
    for another line search.

    Source: `torch.optim.LBFGS`; Nocedal and Wright, Numerical Optimization (2006),
    algorithm 7.5. Chapter 12 builds it.

    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    >>> optimizer = LBFGS([weight], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (weight**2).sum()
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure).item()
    5.0
    >>> closure().item() < 1e-12
    True
    """

    added_later = {"curvature": "absolute"}
    state_names = (*ClosureOptimizer.state_names, *STATE_NAMES, "prev_loss", "al")
    _history = None
    _before = None  # where the parameters stood before the last step of fixed length

    def __init__(
        self,
        params,
        lr=1,
        max_iter=20,
        max_eval=None,
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
        history_size=100,
        line_search_fn=None,
        *,
        curvature="absolute",
    ):
        check_count("max_iter", max_iter)
        max_eval = max_iter * 5 // 4 if max_eval is None else max_eval
        options = dict(lr=lr, max_iter=max_iter, max_eval=max_eval)
        options |= dict(tolerance_grad=tolerance_grad)
        options |= dict(tolerance_change=tolerance_change, history_size=history_size)
        options |= dict(line_search_fn=line_search_fn, curvature=curvature)
        super().__init__(params, options)

    @torch.no_grad()
    def step(self, closure):
        """Go up to max_iter iterations downhill; return the loss before the first.

        Args:
            closure: clears the gradients, computes the loss, calls `backward()` and
                returns the loss; called several times.

        Raises: what `helpers.optim.closure.call.call_required` raises.
        """
        group, state = self.param_groups[0], self.memory()
        objective = Objective(self, closure)
        loss, gradient = objective.evaluate()
        state["func_evals"] += 1
        steepest = largest(gradient)
        if not (math.isfinite(loss) and math.isfinite(steepest)):
            self.abort(objective, "where step() begins")
        elif steepest > group["tolerance_grad"]:
            for count in range(1, group["max_iter"] + 1):
                start = self.next_direction(loss, gradient)
                if self.is_flat(objective, start):
                    break
                loss, gradient = self.line_search(objective, start, count)
                if self.is_done(objective, start, loss, gradient):
                    break
        return objective.first

    def next_direction(self, loss, gradient):
        """Begin an iteration: its direction, and the step to try first."""
        group, state = self.param_groups[0], self.memory()
        history = self.history()
        state["n_iter"] += 1
        step = number_of(group["lr"])
        if state["n_iter"] == 1:
            history.clear()
            step = first_length(gradient) * step
        else:
            change = gradient - state["prev_flat_grad"]
            history.push(state["d"] * float(state["t"]), change)  # eqn 7.18
        direction = history.direction(gradient)
        state.update(d=direction, t=0.0, prev_flat_grad=gradient, prev_loss=loss)
        slope = dot(gradient, direction)
        return Iteration(loss, gradient, direction, slope, step, largest(direction))

    def is_flat(self, objective, start):
        """Whether the loss does not fall along the direction."""
        if not math.isfinite(start.slope):
            self.abort(objective, "in the slope, which is too large a number")
            return True
        return start.slope > -self.param_groups[0]["tolerance_change"] or (
            start.slope >= 0
        )

    def line_search(self, objective, start, count):
        """Move along the direction; the loss and the gradient at the new place."""
        group, state = self.param_groups[0], self.memory()
        if group["line_search_fn"] is None:
            return self.fixed_step(objective, start, count)
        if start.step == 0:
            return start.loss, start.gradient
        left = group["max_eval"] - objective.evaluations
        result = strong_wolfe(
            objective.along(start.direction),
            start.loss,
            start.slope,
            start.step,
            max_eval=min(left + 1, LONGEST_SEARCH),
            tolerance_change=SHORTEST_BRACKET,
            scale=start.scale,
            extra0=start.gradient,
            dtype=start.gradient.dtype,
        )
        objective.move(result.step, start.direction)
        state["t"] = result.step
        state["func_evals"] += result.evaluations
        if result.why == NOTHING_FINITE:
            self.abort(objective, "at any step along the direction")
        return result.value, result.extra

    def fixed_step(self, objective, start, count):
        """Move by the first step, and look how it is there unless it is the last."""
        state = self.memory()
        self._before = objective.position()
        objective.move(start.step, start.direction)
        state["t"] = start.step
        if count == self.param_groups[0]["max_iter"]:
            return start.loss, start.gradient
        loss, gradient = objective.evaluate()
        state["func_evals"] += 1
        if are_finite(loss, gradient):
            return loss, gradient
        self.abort(objective, "after a step of fixed length")
        return start.loss, start.gradient

    def abort(self, objective, where):
        """Warn that something is not finite, go back, and clear the history."""
        state = self.memory()
        if self.is_after_fixed_step(objective):
            objective.restore(self._before)
        self._before = None
        self.history().clear()
        state["n_iter"] = 0
        warn_once(
            self,
            f"the loss or its gradient is not finite {where}. The parameters are where "
            "both were finite last, if this optimizer knows; the next step() starts "
            "afresh. Take a smaller lr or line_search_fn='strong_wolfe', start "
            "elsewhere, or scale the loss",
        )

    def is_after_fixed_step(self, objective):
        """Whether the parameters stand where a step of fixed length has put them."""
        state = self.memory()
        if self._before is None:
            return False
        here = objective.position()
        objective.restore(self._before)
        objective.move(state["t"], state["d"])
        there = objective.position()
        objective.restore(here)
        return all(map(are_same, here, there))

    def is_done(self, objective, start, loss, gradient):
        """Whether the iterations end: no evaluations are left, or nothing is gained."""
        group, state = self.param_groups[0], self.memory()
        least = group["tolerance_change"]
        return (
            objective.evaluations >= group["max_eval"]
            or largest(gradient) <= group["tolerance_grad"]
            or start.scale * state["t"] <= least
            or abs(loss - start.loss) < least
        )

    def history(self):
        """The pairs in the state."""
        group, state = self.param_groups[0], self.memory()
        wanted = group["history_size"], group["curvature"]
        if self._history is None or not self._history.is_of(state, *wanted):
            self._history = History(state, *wanted)
        return self._history

    def check_options(self, options):
        """Raise unless each option makes sense."""
        check_lbfgs(options)
