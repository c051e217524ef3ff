"""LBFGS: steps along a direction that remembers how the gradient has changed."""

import math

import torch

from helpers.optim.base.options import check_count, number_of
from helpers.optim.base.warn_once import warn_once
from helpers.optim.closure.objective import Objective, largest
from helpers.optim.closure_optimizer import ClosureOptimizer
from helpers.optim.lbfgs.history import Curvature
from helpers.optim.lbfgs.iteration import Start, are_finite, are_same
from helpers.optim.lbfgs.options import check_lbfgs
from helpers.optim.line_search import strong_wolfe
from helpers.optim.line_search.line import NOTHING_FINITE

LONGEST_SEARCH = 26  # evaluations; torch's `_strong_wolfe` calls it max_ls = 25
SHORTEST_BRACKET = 1e-9  # where torch's search ends, whatever tolerance_change is
MEMORY = "d", "t", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad"


class LBFGS(ClosureOptimizer):
    """Newton's method with a Hessian that is guessed from the last steps.

    A step is up to `max_iter` iterations, and up to `max_eval` calls of the closure
    (max_iter * 5 // 4 by default), fewer when one of these is reached:
    `tolerance_grad`, the largest entry of the gradient; `tolerance_change`, the largest
    change of a parameter, the change of the loss, and the slope along the direction.
    `history_size` pairs of vectors are remembered. `line_search_fn` is "strong_wolfe",
    or None: then each iteration goes `lr` times the direction, however that ends. `lr`
    is a number from 0 up, else the first length that the search tries. `curvature` says
    which pairs are kept: see `helpers.optim.lbfgs.history`.

    There is one parameter group. State, under the first parameter, is that of torch.
    `step(closure)` needs the closure, and returns the loss before the step. Parameters
    never stay where the loss or the gradient is not finite: they are put back to the
    last good point, with a `UserWarning`.

    Raises `ValueError` or `TypeError` for options that make no sense, `RuntimeError`
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
    memory_names = (*ClosureOptimizer.memory_names, *MEMORY, "prev_loss", "al")
    _curvature = None
    _good = None  # where the parameters stood before the last step of fixed length

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
        options = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
            "curvature": curvature,
        }
        super().__init__(params, options)

    @torch.no_grad()
    def step(self, closure):
        """Go up to max_iter iterations downhill; return the loss before the first."""
        group, state = self.param_groups[0], self.memory()
        objective = Objective(self, closure)
        loss, gradient = objective.evaluate()
        state["func_evals"] += 1
        if not are_finite(loss, gradient):
            self.give_up(objective, "where step() begins")
        elif largest(gradient) > group["tolerance_grad"]:
            for iteration in range(1, group["max_iter"] + 1):
                start = self.aim(loss, gradient)
                if self.is_level(objective, start):
                    break
                loss, gradient = self.go(objective, start, iteration)
                if self.is_done(objective, start, loss, gradient):
                    break
        return objective.first

    def aim(self, loss, gradient):
        """The start of an iteration: a direction, and the length to try first."""
        group, state = self.param_groups[0], self.memory()
        curvature = self.curvature()
        state["n_iter"] += 1
        length = number_of(group["lr"])
        if state["n_iter"] == 1:
            curvature.forget()
            length = min(1.0, 1.0 / gradient.abs().sum().item()) * length
        else:
            change = gradient - state["prev_flat_grad"]
            curvature.learn(state["d"] * float(state["t"]), change)
        direction = curvature.direction(gradient)
        state.update(d=direction, t=0.0, prev_flat_grad=gradient, prev_loss=loss)
        slope = gradient.dot(direction).item()
        return Start(loss, gradient, direction, slope, length, largest(direction))

    def is_level(self, objective, start):
        """Whether the direction leads nowhere: the loss does not fall along it."""
        if not math.isfinite(start.slope):
            self.give_up(objective, "in the slope, which is too large a number")
            return True
        return start.slope > -self.param_groups[0]["tolerance_change"] or (
            start.slope >= 0
        )

    def go(self, objective, start, iteration):
        """Move along the direction; the loss and the gradient at the new place."""
        group, state = self.param_groups[0], self.memory()
        if group["line_search_fn"] is None:
            return self.go_blindly(objective, start, iteration)
        if start.length == 0:
            return start.loss, start.gradient
        left = group["max_eval"] - objective.evaluations
        result = strong_wolfe(
            objective.along(start.direction),
            start.loss,
            start.slope,
            start.length,
            max_eval=min(left + 1, LONGEST_SEARCH),
            tolerance_change=SHORTEST_BRACKET,
            scale=start.reach,
            extra0=start.gradient,
            dtype=start.gradient.dtype,
        )
        objective.move(result.step, start.direction)
        state["t"] = result.step
        state["func_evals"] += result.evaluations
        if result.why == NOTHING_FINITE:
            self.give_up(objective, "at any step along the direction")
        return result.value, result.extra

    def go_blindly(self, objective, start, iteration):
        """Move by the first length, and look how it is there unless it is the last."""
        state = self.memory()
        self._good = objective.position()
        objective.move(start.length, start.direction)
        state["t"] = start.length
        if iteration == self.param_groups[0]["max_iter"]:
            return start.loss, start.gradient
        loss, gradient = objective.evaluate()
        state["func_evals"] += 1
        if are_finite(loss, gradient):
            return loss, gradient
        self.give_up(objective, "after a step of fixed length")
        return start.loss, start.gradient

    def give_up(self, objective, where):
        """Say that something is not finite, go back, and forget what was learnt."""
        state = self.memory()
        if self.is_just_moved(objective):
            objective.restore(self._good)
        self._good = None
        self.curvature().forget()
        state["n_iter"] = 0
        warn_once(
            self,
            f"the loss or its gradient is not finite {where}. The parameters are where "
            "both were finite last, if this optimizer knows; the next step() starts "
            "afresh. Take a smaller lr or line_search_fn='strong_wolfe', start "
            "elsewhere, or scale the loss",
        )

    def is_just_moved(self, objective):
        """Whether the parameters stand where a step of fixed length has put them."""
        state = self.memory()
        if self._good is None:
            return False
        here = objective.position()
        objective.restore(self._good)
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
            or start.reach * state["t"] <= least
            or abs(loss - start.loss) < least
        )

    def curvature(self):
        """The pairs in the state."""
        group, state = self.param_groups[0], self.memory()
        wanted = group["history_size"], group["curvature"]
        if self._curvature is None or not self._curvature.is_for(state, *wanted):
            self._curvature = Curvature(state, *wanted)
        return self._curvature

    def check_options(self, options):
        """Raise unless each option makes sense."""
        check_lbfgs(options)
