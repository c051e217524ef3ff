"""Exercise 12.6: a unit of the loss in which torch's rule for pairs fails."""

import math
from functools import cache
from numbers import Real

import torch

from helpers.exercises.exercise import Exercise, Mistake
from helpers.optim import LBFGS

UNIT = 1e-12
MOST = 300


@cache
def evaluations(unit, rule):
    """How often Rosenbrock's function, times `unit`, is asked until it is at 1e-8.

    `rule` is an option `curvature` of LBFGS. Returns infinity after 300 evaluations
    that did not suffice. The goal is 1e-8 times `unit`.

    >>> evaluations(1.0, "absolute") < 60
    True
    """
    point = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    options = {"max_iter": MOST, "max_eval": MOST, "line_search_fn": "strong_wolfe"}
    exact = {"tolerance_grad": 0, "tolerance_change": 0, "curvature": rule}
    optimizer, losses = LBFGS([point], **options, **exact), []

    def closure():
        optimizer.zero_grad()
        x, y = point
        loss = unit * (100 * (y - x**2) ** 2 + (1 - x) ** 2)
        loss.backward()
        losses.append(loss.item())
        return loss

    optimizer.step(closure)
    reached = (k for k, loss in enumerate(losses, 1) if loss < 1e-8 * unit)
    return next(reached, math.inf)


def _behaviour(answer):
    """What the unit does, in words that the report can show."""
    is_number = isinstance(answer, (Real, torch.Tensor))
    unit = float(answer) if is_number else math.nan
    if not 1e-60 < unit < 1e60:
        return {"a positive number between 1e-60 and 1e60": False}
    return {
        "a positive number between 1e-60 and 1e60": True,
        "absolute arrives within 300": evaluations(unit, "absolute") < math.inf,
        "relative arrives within 100": evaluations(unit, "relative") <= 100,
    }


WRONG_UNITS = (
    Mistake(
        1.0,
        "In this unit both rules arrive. Which way must the loss go, so that s · y of "
        "every pair falls below 1e-10, and soon?",
    ),
    Mistake(
        1e-22,
        "Here both rules fail, for another reason: the first direction is a bare "
        "gradient, and in this unit it is lost in the rounding of the parameters. Take "
        "a less extreme one.",
    ),
    Mistake(
        1e20,
        "That way it is the relative rule that fails: gamma has sunk below 2e-16. "
        "PyTorch's rule is to fail: turn round.",
    ),
    Mistake(
        0.0,
        "The unit is a positive number, and neither 0 nor beyond 1e60 or 1e-60.",
    ),
)

EXERCISE = Exercise(
    number="12.6",
    title="Break it",
    solution=UNIT,
    cases=lambda: [()],
    probe=_behaviour,
    mistakes=WRONG_UNITS,
    compared_with="two walks in the unit you gave",
)
