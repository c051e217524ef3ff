"""LBFGS to convergence: `helpers.optim` beside `torch.optim` and SciPy.

With this module one can: minimise a function from a start with an optimizer that takes
a closure (`descend`) or with a method of SciPy (`descend_with_scipy`); make candidates
that do so for three functions (`digits`, `valley`, `wide_valley`), and count how often
each evaluates them (`evaluations`). Everybody starts at the same place, in float64, and
keeps as many pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from scipy.optimize import minimize

import helpers.data
import helpers.optim
from helpers.problems import rosenbrock_chain

LIMITS = {"max_iter": 20_000, "max_eval": 25_000, "line_search_fn": "strong_wolfe"}
DECAY = 1e-3  # of the weights of the regression: without it they grow for ever


@dataclass(frozen=True)
class Descent:
    """How a descent ended: where, at which value, after how many evaluations."""

    point: torch.Tensor
    value: float
    evaluations: int


def descend(function, start, optimizer, **options) -> Descent:
    """Minimise with one step of an optimizer, a class such as `LBFGS`.

    `function` takes a tensor of the shape of `start` and returns a tensor with one
    number. `options` go to the optimizer.

    >>> end = descend(rosenbrock_chain(2), (-1.2, 1.0), helpers.optim.LBFGS, **LIMITS)
    >>> end.value < 1e-8
    True
    """
    point = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    made, count = optimizer([point], **options), 0

    def closure():
        nonlocal count
        count += 1
        made.zero_grad()
        loss = function(point)
        loss.backward()
        return loss

    made.step(closure)
    return Descent(point.detach(), function(point).item(), count)


def descend_with_scipy(function, start, method="L-BFGS-B", **options) -> Descent:
    """Minimise with a method of `scipy.optimize.minimize`, with torch's gradients.

    >>> descend_with_scipy(rosenbrock_chain(2), (-1.2, 1.0)).value < 1e-8
    True
    """

    def value_and_gradient(array):
        point = torch.from_numpy(array.copy()).requires_grad_()
        loss = function(point)
        loss.backward()
        return loss.item(), point.grad.numpy()

    start = torch.tensor(start, dtype=torch.float64).numpy()
    end = minimize(value_and_gradient, start, jac=True, method=method, options=options)
    return Descent(torch.from_numpy(end.x), float(end.fun), end.nfev)


SCIPY_LIMITS = {"maxiter": 20_000, "maxfun": 20_000, "ftol": 0}


def regression() -> tuple[Callable, tuple[float, ...]]:
    """Logistic regression on the digits: a function of 640 weights, and its start."""
    split = helpers.data.digits(dtype=torch.float64)
    inputs, targets = split.train_inputs, split.train_targets

    def loss(weights):
        scores = inputs @ weights.view(64, 10)
        decay = DECAY * (weights * weights).sum()
        return torch.nn.functional.cross_entropy(scores, targets) + decay

    return loss, (0.0,) * 640


def chain(dimensions) -> tuple[Callable, tuple[float, ...]]:
    """Rosenbrock's valley in n dimensions, and its start."""
    problem = rosenbrock_chain(dimensions)
    return problem, problem.start


def candidates(make, iterations=20_000, pairs=100) -> dict[str, Callable[[], Descent]]:
    """A descent of each solver on one function; torch's is the first."""
    what, relative = make(), {"curvature": "relative"}
    limits = {**LIMITS, "max_iter": iterations, "history_size": pairs}
    ours = partial(descend, *what, helpers.optim.LBFGS, **limits)
    scipy_limits = {**SCIPY_LIMITS, "maxiter": iterations, "maxcor": pairs}
    return {
        "torch": partial(descend, *what, torch.optim.LBFGS, **limits),
        "ours": ours,
        "ours, relative": partial(ours, **relative),
        "SciPy": partial(descend_with_scipy, *what, **scipy_limits),
    }


digits = partial(candidates, regression)
valley = partial(candidates, partial(chain, 100))
wide_valley = partial(candidates, partial(chain, 100_000), iterations=50, pairs=10)


def evaluations(make) -> dict[str, int]:
    """How often each candidate evaluates the function."""
    return {name: descent().evaluations for name, descent in make().items()}
