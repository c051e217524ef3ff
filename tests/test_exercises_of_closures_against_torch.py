"""The worked solutions of chapter 11 are right because other code says so.

Searches and directions are compared with helpers.optim, which has its own tests
against PyTorch and the literature; closures with PyTorch itself.
"""

import math

import pytest
import torch

from helpers.exercises.chapter_11 import (
    e1_count_questions,
    e2_many_batches,
    e3_two_slopes,
    e4_backtrack,
    e5_next_direction,
)
from helpers.optim.conjugate_gradient.beta import polak_ribiere_plus
from helpers.optim.line_search import backtracking
from tests.exercise_walks import parameter


def test_the_log_is_that_of_a_search():
    asked = []

    def phi(step):
        asked.append(step)
        return (1 - 2 * step) ** 2, -4 * (1 - 2 * step)

    value, slope = phi(0.0)
    found = backtracking(phi, value, slope, 4.0, c1=0.1)
    log = e1_count_questions.LOG
    assert (found.step, len(asked)) == (log["taken"], log["questions"])
    for share, holds in ((0.999, True), (1.001, False)):
        step = share * log["longest"]
        assert (phi(step)[0] <= value + 0.1 * step * slope) == holds


@pytest.mark.parametrize("start, batches", e2_many_batches.EXERCISE.cases())
def test_many_batches_are_one_large_batch(start, batches):
    found = e2_many_batches._behaviour(e2_many_batches.closure_over, start, batches)
    p = parameter(*start)
    rows = torch.tensor(batches, dtype=torch.float64).flatten(0, 1)
    for loss, gradient, move in ((*found[:2], 0.5), (*found[2:], -1.0)):
        whole = (rows @ p - 1).square().mean()
        (expected,) = torch.autograd.grad(whole, p)
        assert loss == pytest.approx(whole.item())
        assert gradient == pytest.approx(expected.tolist())
        p.data += move


@pytest.mark.parametrize("slope0, step, slope", e3_two_slopes.EXERCISE.cases())
def test_the_lowest_step_is_where_torch_finds_no_slope(slope0, step, slope):
    t = torch.tensor(e3_two_slopes.lowest_step(slope0, step, slope), requires_grad=True)
    parabola = slope0 * t + (slope - slope0) / step * t**2 / 2
    (flat,) = torch.autograd.grad(parabola, t)
    assert flat.item() == pytest.approx(0, abs=1e-5)
    assert (slope - slope0) / step > 0


@pytest.mark.parametrize("line, step, c1", e4_backtrack.EXERCISE.cases())
def test_backtracking_is_the_librarys(line, step, c1):
    ours = e4_backtrack._search(e4_backtrack.backtrack, line, step, c1)
    asked, phi = [0.0], e4_backtrack.LINES[line]

    def noted(t):
        asked.append(t)
        return phi(t)

    found = backtracking(noted, *phi(0.0), step, c1=c1, max_eval=50)
    assert found.satisfied
    assert (ours["step"], ours["trials"]) == (found.step, asked[1:])
    assert all(ours[each] == 1 for each in ours if each.startswith("questions"))


def test_one_line_ends_in_nan():
    assert any(
        math.isnan(e4_backtrack.LINES[line](step)[0])
        for line, step, _ in e4_backtrack.EXERCISE.cases()
    )


@pytest.mark.parametrize("line", e4_backtrack.LINES)
def test_slopes_of_the_lines_are_derivatives(line):
    phi = e4_backtrack.LINES[line]
    difference = (phi(0.3 + 1e-6)[0] - phi(0.3 - 1e-6)[0]) / 2e-6
    assert phi(0.3)[1] == pytest.approx(difference, rel=1e-6)


@pytest.mark.parametrize("case", e5_next_direction.EXERCISE.cases())
def test_the_direction_has_the_librarys_beta(case):
    gradient, before, last = case
    new = polak_ribiere_plus(*case) * last - gradient
    expected = new if new @ gradient < 0 else -gradient
    torch.testing.assert_close(e5_next_direction.next_direction(*case), expected)


def test_directions_start_afresh_for_both_reasons():
    cases = e5_next_direction.EXERCISE.cases()
    betas = [polak_ribiere_plus(*case) for case in cases]
    uphill = [
        beta > 0 and (beta * last - g) @ g >= 0
        for beta, (g, _, last) in zip(betas, cases, strict=True)
    ]
    assert 0.0 in betas and any(uphill) and not all(uphill)
