"""The worked solutions of chapter 12 are right because PyTorch says so."""

from fractions import Fraction

import pytest
import torch

from helpers.exercises import verdict
from helpers.exercises.chapter_12 import (
    e1_read_off,
    e2_by_hand,
    e3_promised,
    e4_units,
)
from helpers.exercises.chapter_12.e5_two_loops import exercise as e5_two_loops
from helpers.optim.line_search import strong_wolfe
from helpers.problems import rosenbrock, wood
from tests.exercise_walks import parameter


def updated(B, s, y):
    """One update of BFGS, as Nocedal and Wright have it (6.17)."""
    rho = 1 / (s @ y)
    V = torch.eye(len(s), dtype=s.dtype) - rho * torch.outer(y, s)
    return V.T @ B @ V + rho * torch.outer(s, s)


def torchs(closure_of, start, **options):
    """LBFGS of torch, after one step with these options, and the losses it saw."""
    point = parameter(*start)
    optimizer, losses = torch.optim.LBFGS([point], **options), []

    def closure():
        optimizer.zero_grad()
        loss = closure_of(point)
        loss.backward()
        losses.append(loss.item())
        return loss

    optimizer.step(closure)
    return optimizer, point, losses


def test_readings_follow_from_the_vectors():
    s, y = torch.tensor([2.0, 0.0]), torch.tensor([4.0, 2.0])
    curvature = (-2 - -6) / (3 - 1)
    expected = {
        "curvature": curvature,
        "next place": 3 - -2 / curvature,
        "rho": 1 / (s @ y).item(),
        "gamma": ((s @ y) / (y @ y)).item(),
    }
    assert expected == pytest.approx(e1_read_off.READINGS)


def test_the_update_by_hand_is_the_update():
    s, y = torch.tensor([1.0, 0.0]), torch.tensor([2.0, 1.0])
    B = updated(torch.eye(2), s, y)
    assert torch.allclose(B, torch.tensor(e2_by_hand.NEW_B))
    assert torch.allclose(B @ y, s)


@pytest.mark.parametrize("problem", [rosenbrock, wood], ids=lambda each: each.name)
@pytest.mark.parametrize("c2", [0.1, 0.9])
def test_an_accepted_step_keeps_the_promise(problem, c2):
    def gradient_at(place):
        place = place.clone().requires_grad_()
        value = problem(place)
        value.backward()
        return value.item(), place.grad

    start = torch.tensor(problem.start, dtype=torch.float64)
    value, gradient = gradient_at(start)
    slope = -gradient.dot(gradient).item()

    def phi(step):
        there, changed = gradient_at(start - step * gradient)
        return there, -changed.dot(gradient).item(), changed

    found = strong_wolfe(phi, value, slope, 1e-3, c2=c2)
    bend = (-found.step * gradient).dot(found.extra - gradient).item()
    least, most = e3_promised.promised(slope, found.step, c2)
    assert found.satisfied and least <= bend <= most


def gamma_between(function, start, end):
    """The gamma of the pair that a step from start to end makes."""
    places = [place.clone().requires_grad_() for place in (start, end)]
    before, after = (torch.autograd.grad(function(p), p)[0] for p in places)
    s, y = end - start, after - before
    return ((s @ y) / (y @ y)).item()


@pytest.mark.parametrize("a, c", [(10.0, 1.0), (1.0, 100.0), (3.0, 0.5)])
def test_gamma_in_other_units_is_that_of_the_other_function(a, c):
    start = torch.tensor(rosenbrock.start, dtype=torch.float64)
    end = start + torch.tensor([0.1, 0.05], dtype=torch.float64)
    here = gamma_between(rosenbrock, start, end)
    there = gamma_between(lambda z: c * rosenbrock(z / a), a * start, a * end)
    assert e4_units.gamma_elsewhere(here, a, c) == pytest.approx(there)


@pytest.mark.parametrize("case", e5_two_loops.EXERCISE.cases(), ids=len)
def test_the_two_loops_are_the_matrix(case):
    gradient, pairs, gamma = case
    B = gamma * torch.eye(3, dtype=torch.float64)
    for s, y in pairs:
        B = updated(B, s, y)
    assert torch.allclose(e5_two_loops.two_loops(*case), -(B @ gradient))


def test_the_two_loops_are_torchs():
    at = {"max_iter": 8, "line_search_fn": "strong_wolfe"}
    optimizer, point, _ = torchs(wood, wood.start, **at)
    state = optimizer.state[point]
    pairs = list(zip(state["old_stps"], state["old_dirs"], strict=True))
    direction = e5_two_loops.two_loops(state["prev_flat_grad"], pairs, state["H_diag"])
    assert len(pairs) > 3 and torch.allclose(direction, state["d"])


FRACTION_READINGS = {
    "curvature": Fraction(2),
    "next place": 4,
    "rho": Fraction(1, 8),
    "gamma": torch.tensor(0.4),
}
ROWS = [torch.tensor([0.75, -0.5]), [Fraction(-1, 2), 1]]


@pytest.mark.parametrize(
    "number, answer",
    [("12.1", FRACTION_READINGS), ("12.2", ROWS)],
    ids=["readings", "rows"],
)
def test_right_numbers_of_any_kind_are_right(number, answer):
    assert verdict(number, answer).status == "correct"
