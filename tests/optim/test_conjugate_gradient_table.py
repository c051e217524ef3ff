"""Conjugate gradients on 35 test problems, beside SciPy's.

The minima are those that Moré, Garbow and Hillstrom list. An evaluation gives value and
gradient, for SciPy too.
"""

import functools
import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from helpers.optim import ConjugateGradient
from helpers.optim.conjugate_gradient.beta import METHODS
from helpers.problems import MORE_GARBOW_HILLSTROM
from tests.optim.descents import closure_of

MOST = 5000
SMALL = 1e-8  # the largest entry of the gradient, at the end
SLOW = 10  # Meyer, which no other method of this kind solves: SciPy's stops at 32960
STIFF = 4  # Brown: curvatures of 2 and of 2e12 at the minimum
FAST = [each for each in MORE_GARBOW_HILLSTROM if each not in (SLOW, STIFF)]


@functools.cache
def ours(number, most=MOST, **options):
    """Value and gradient where it ends, and evaluations."""
    problem = MORE_GARBOW_HILLSTROM[number]
    point = torch.nn.Parameter(torch.tensor(problem.start, dtype=torch.float64))
    options = {"tolerance_grad": SMALL, "tolerance_change": 0, **options}
    optimizer = ConjugateGradient([point], max_iter=most, max_eval=most, **options)
    closure = closure_of(optimizer, problem, point)
    optimizer.step(closure)
    evaluations = optimizer.evaluations
    return closure().item(), point.grad.abs().max().item(), evaluations


@functools.cache
def scipys(number):
    """Value where it ends, and evaluations."""
    problem = MORE_GARBOW_HILLSTROM[number]

    def value_and_gradient(x):
        point = torch.tensor(x, requires_grad=True)
        value = problem(point)
        value.backward()
        return value.item(), point.grad.numpy()

    options = {"gtol": SMALL, "maxiter": MOST}
    with np.errstate(all="ignore"):
        found = minimize(
            value_and_gradient, problem.start, jac=True, method="CG", options=options
        )
    return found.fun, found.nfev


def is_reached(number, value):
    """Whether a value is that of a minimum, the best or another that is listed."""
    problem = MORE_GARBOW_HILLSTROM[number]
    known = problem.minimum_value, *problem.worse_minimum_values
    return any(math.isclose(value, each, rel_tol=1e-5, abs_tol=1e-8) for each in known)


@pytest.mark.parametrize("number", FAST)
def test_every_minimum_is_reached(number):
    """In at most 2,100 evaluations, where the last digits of the start vary."""
    value, _, evaluations = ours(number)
    assert evaluations < 4000
    assert is_reached(number, value)


def test_meyers_minimum_is_reached_in_some_15_000_evaluations():
    value, *_ = ours(SLOW, 40_000, tolerance_grad=1e-3)
    assert is_reached(SLOW, value)
    assert not is_reached(SLOW, scipys(SLOW)[0])


def test_of_curvatures_a_trillion_apart_the_steep_one_is_followed():
    """The value falls from 1e12 to 2e-4 at most; along the flat valley it may creep.

    Whether it reaches 0 in 60 evaluations or not in 40,000, a last bit decides: for
    directions that are conjugate to 12 digits float64 has too few.
    """
    value, *_ = ours(STIFF, 100)
    assert value < 1e-2


def test_most_runs_end_because_the_gradient_is_small():
    assert sum(ours(each)[1] <= SMALL for each in FAST) >= 31


def test_scipy_evaluates_more_and_reaches_less():
    both = [each for each in FAST if is_reached(each, scipys(each)[0])]
    assert len(both) < len(FAST)
    total, theirs = (sum(f(each)[-1] for each in both) for f in (ours, scipys))
    assert total < 0.7 * theirs
    for each in both:
        assert ours(each)[-1] <= 5 * scipys(each)[-1] + 20, MORE_GARBOW_HILLSTROM[each]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("number", [1, 5, 7, 8, 14, 15, 21, 26, 30, 31, 35])
def test_every_formula_reaches_the_easier_minima(number, method):
    value, end, _ = ours(number, 1000, method=method)
    assert is_reached(number, value) and end <= SMALL


def test_the_default_restart_saves_evaluations():
    """Without one, Fletcher and Reeves's formula takes many small steps."""
    numbers = 1, 7, 14, 15, 21
    with_it = [ours(each, method="fletcher-reeves")[2] for each in numbers]
    options = {"method": "fletcher-reeves", "restart": None}
    without = [ours(each, **options)[2] for each in numbers]
    assert sum(without) > 2 * sum(with_it)
