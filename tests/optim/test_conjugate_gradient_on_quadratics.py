"""On a quadratic, with exact steps: n iterations, and one method under five names."""

import pytest
import torch
from hypothesis import given

from helpers.optim import linear_conjugate_gradient
from helpers.optim.conjugate_gradient.beta import METHODS
from tests.optim.descents import Quadratic, descend, drawn, patient, seeds, spectra

each_method = pytest.mark.parametrize("method", METHODS)
EXACT = {
    "line_search_fn": "exact",
    "restart": None,
    "max_eval": 1000,
    "tolerance_grad": 0,
    "tolerance_change": 0,
}


def after(quadratic, iterations, **options):
    """Where so many iterations lead from 0."""
    start = torch.zeros_like(quadratic.b)
    options = {**EXACT, "max_iter": iterations, **options}
    return descend(quadratic, start, **options)[0]


@each_method
@patient
@given(eigenvalues=spectra, seed=seeds)
def test_n_dimensions_take_n_iterations(method, eigenvalues, seed):
    quadratic = Quadratic(eigenvalues, seed)
    point = after(quadratic, len(eigenvalues), method=method)
    assert quadratic.distance(point) < 1e-6


@each_method
def test_one_iteration_less_is_not_enough(method):
    quadratic = Quadratic([1.0, 2.0, 4.0, 8.0])
    assert quadratic.distance(after(quadratic, 3, method=method)) > 1e-3
    assert quadratic.distance(after(quadratic, 4, method=method)) < 1e-9


@each_method
@pytest.mark.parametrize("count", [1, 2, 3])
def test_as_many_iterations_as_distinct_eigenvalues(method, count):
    quadratic = Quadratic([1.0, 3.0, 9.0][:count] * 4)
    assert quadratic.distance(after(quadratic, count, method=method)) < 1e-9
    if count > 1:
        assert quadratic.distance(after(quadratic, count - 1, method=method)) > 1e-3


@each_method
def test_the_iterates_are_those_of_linear_conjugate_gradients(method):
    quadratic = Quadratic([0.5, 1.0, 2.0, 3.0, 5.0, 8.0])
    for count in range(1, 7):
        options = {"tolerance": 0.0, "max_iter": count}
        linear = linear_conjugate_gradient(
            quadratic.matrix.mv, quadratic.b, **options
        ).x
        ours = after(quadratic, count, method=method)
        torch.testing.assert_close(ours, linear, rtol=1e-8, atol=1e-9)


@patient
@given(eigenvalues=spectra, seed=seeds)
def test_all_formulas_are_one_there(eigenvalues, seed):
    """Compared where the iterates still move: after all but the last iteration."""
    quadratic = Quadratic(eigenvalues, seed)
    count = max(1, len(set(eigenvalues)) - 1)
    first, *others = (after(quadratic, count, method=each) for each in METHODS)
    for other in others:
        assert (other - first).norm() <= 1e-6 * first.norm()


def test_steps_that_are_not_exact_part_the_formulas():
    quadratic = Quadratic([1.0, 2.0, 4.0, 8.0])
    rough = {"line_search_fn": "backtracking", "restart": None}
    ends = [after(quadratic, 4, method=each, **rough) for each in METHODS]
    distances = [(end - ends[0]).norm().item() for end in ends[1:]]
    assert min(distances) > 1e-4


def test_an_exact_step_takes_two_evaluations():
    quadratic = Quadratic([1.0, 2.0, 4.0, 8.0])
    start = torch.zeros(4, dtype=torch.float64)
    _, state = descend(quadratic, start, **{**EXACT, "max_iter": 3})
    assert state["func_evals"] == 1 + 2 * 3


def test_where_the_function_bends_down_exact_searches_on():
    """A cosine: at the first trial its slope is steeper, so no parabola turns up."""
    options = {**EXACT, "max_iter": 30, "tolerance_grad": 1e-9}
    point, _ = descend(lambda x: x.cos().sum(), drawn(0, 1) * 1e-3, **options)
    assert point.cos().item() == pytest.approx(-1.0)


@each_method
@pytest.mark.parametrize("restart", [None, "powell", "every-n", ("powell", "every-n")])
def test_wolfe_steps_come_there_too(method, restart):
    quadratic = Quadratic([0.1, 1.0, 2.0, 4.0, 8.0])
    point = after(
        quadratic, 100, method=method, restart=restart, line_search_fn="strong_wolfe"
    )
    assert quadratic.distance(point) < 1e-6


def test_every_n_starts_afresh_after_n():
    quadratic = Quadratic([1.0, 3.0, 9.0])
    options = {"line_search_fn": "strong_wolfe", "tolerance_grad": 1e-12}
    counts = []
    for iterations in range(1, 6):
        start = torch.zeros(3, dtype=torch.float64)
        options = {**EXACT, **options, "restart": "every-n", "max_iter": iterations}
        _, state = descend(lambda x: quadratic(x) + x.pow(4).sum(), start, **options)
        counts.append(state["since_restart"])
    assert counts == [1, 2, 3, 1, 2]
