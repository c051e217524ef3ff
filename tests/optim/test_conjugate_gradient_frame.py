"""The frame of conjugate gradients: when they stop, and what they do in trouble."""

import math
import warnings

import pytest
import torch

from helpers.autograd import Tensor
from helpers.optim import ConjugateGradient
from helpers.optim.conjugate_gradient.direction import Direction, next_direction
from helpers.optim.conjugate_gradient.nonlinear import is_small
from helpers.optim.conjugate_gradient.searches import change_along
from helpers.optim.line_search import Point
from helpers.problems import rosenbrock
from tests.optim.descents import closure_of, descend

LONG = {"max_iter": 300, "max_eval": 2000, "tolerance_change": 0}
SEARCHES = ["strong_wolfe", "exact", "backtracking"]


def test_the_first_loss_is_returned_and_evaluations_are_counted():
    values = []
    point = torch.nn.Parameter(torch.tensor(rosenbrock.start, dtype=torch.float64))
    optimizer = ConjugateGradient([point])
    closure = closure_of(optimizer, rosenbrock, point, values=values)
    assert optimizer.step(closure).item() == values[0]
    assert optimizer.state[point]["func_evals"] == len(values) == optimizer.evaluations
    assert min(values) < values[0]


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("most", [1, 2, 3, 7, 20])
def test_no_more_evaluations_than_were_allowed(search, most):
    options = {**LONG, "line_search_fn": search, "max_eval": most}
    point, state = descend(rosenbrock, rosenbrock.start, **options)
    assert state["func_evals"] == most
    assert rosenbrock(point) <= rosenbrock(torch.tensor(rosenbrock.start).double())


@pytest.mark.parametrize("most", [1, 5])
def test_no_more_iterations_than_were_allowed(most):
    _, state = descend(rosenbrock, rosenbrock.start, **{**LONG, "max_iter": most})
    assert state["n_iter"] == most


def test_without_max_eval_a_search_may_take_25():
    """One iteration, whose first trial is a million times too long, and halved."""
    options = {"max_iter": 1, "lr": 1e6, "line_search_fn": "backtracking"}
    point, state = descend(lambda x: x.dot(x) / 2, [1.0], **options)
    assert state["func_evals"] == 1 + 20  # 2 ** -20 of a million is below 1
    point, state = descend(lambda x: x.dot(x) / 2, [1.0], **{**options, "lr": 1e12})
    assert state == {"func_evals": 1 + 25, "n_iter": 1} and point.tolist() == [1.0]


def test_it_stops_where_the_gradient_is_small():
    start = [0.5, -0.25]
    point, state = descend(lambda x: x.dot(x) / 2, start, tolerance_grad=0.5)
    assert point.tolist() == start
    assert state == {"func_evals": 1, "n_iter": 0}
    point, state = descend(lambda x: x.dot(x) / 2, start, tolerance_grad=0.49)
    assert state["n_iter"] == 1


@pytest.mark.parametrize(
    "change, moved, small",
    [(0.5, 0.5, False), (0.11, 0.5, False), (0.09, 0.5, True), (0.5, 0.1, True)],
)
def test_what_counts_as_a_small_change(change, moved, small):
    direction = Direction(torch.tensor([0.5, -2.0]), slope=-1.0, since=1)
    here, there = Point(0, 1.0, -1.0), Point(moved / 2, 1.0 - change, -1.0)
    assert is_small(here, there, direction, {"tolerance_change": 0.1}) is small


def test_it_stops_sooner_where_more_counts_as_small():
    counts = []
    for tolerance in 1e-1, 1e-3, 1e-9, 0:
        options = {**LONG, "tolerance_grad": 1e-6, "tolerance_change": tolerance}
        counts.append(descend(rosenbrock, rosenbrock.start, **options)[1]["n_iter"])
    assert counts == sorted(counts) and counts[0] < counts[1] < counts[2]


def test_a_slope_below_the_tolerance_is_not_searched():
    flat = {"tolerance_change": 1e-3, "tolerance_grad": 0}
    _, state = descend(lambda x: x.dot(x) / 2, [0.031], **flat)  # slope -0.000961
    assert state == {"func_evals": 1, "n_iter": 1}
    _, state = descend(lambda x: x.dot(x) / 2, [0.032], **flat)  # slope -0.001024
    assert state["func_evals"] > 1


def test_a_scheduler_may_hold_it():
    point = torch.nn.Parameter(torch.ones(2))
    optimizer = ConjugateGradient([point], lr=0.5)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    optimizer.step(closure_of(optimizer, lambda x: x.dot(x), point))
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == 0.05


@pytest.mark.parametrize("lr", [0.25, torch.tensor(0.25)])
def test_the_first_trial_step_is_torchs(lr):
    """lr * min(1, 1 / sum(|g|)), seen from where the closure is asked."""
    seen = []
    point = torch.nn.Parameter(torch.tensor([3.0, -1.0], dtype=torch.float64))
    optimizer = ConjugateGradient([point], lr=lr)

    def loss(x):
        seen.append(x.detach().clone())
        return x.dot(x) / 2

    optimizer.step(closure_of(optimizer, loss, point))
    torch.testing.assert_close(seen[1], seen[0] * (1 - 0.25 / 4))


def hole(x):
    """Rosenbrock's valley, and NaN right of 1.2: a search must come back from there."""
    return rosenbrock(x) + (1.2 - x[0]).sqrt() * 0


@pytest.mark.parametrize("search", ["strong_wolfe", "exact"])
def test_nan_along_the_way_makes_steps_shorter(search):
    values = []
    point = torch.nn.Parameter(torch.tensor([-1.2, 1.0], dtype=torch.float64))
    optimizer = ConjugateGradient([point], lr=1e3, line_search_fn=search, **LONG)
    optimizer.step(closure_of(optimizer, hole, point, values=values))
    assert any(map(math.isnan, values))
    torch.testing.assert_close(point.detach(), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_start_that_is_not_finite_is_told_once_and_nothing_moves(bad):
    point = torch.nn.Parameter(torch.ones(2))
    optimizer = ConjugateGradient([point])
    closure = closure_of(optimizer, lambda x: x.sum() * bad, point)
    with pytest.warns(UserWarning, match=r"loss = .*; allowed are finite .*: the para"):
        optimizer.step(closure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimizer.step(closure)
    assert point.tolist() == [1, 1]
    assert optimizer.state[point] == {"func_evals": 2, "n_iter": 0}


def test_a_gradient_that_is_not_finite_is_told():
    point = torch.nn.Parameter(torch.zeros(2))
    optimizer = ConjugateGradient([point])
    with pytest.warns(UserWarning, match="loss = 0.0 and .*inf"):
        optimizer.step(closure_of(optimizer, lambda x: x.sqrt().sum(), point))
    assert point.tolist() == [0, 0]


def test_where_no_step_helps_it_starts_afresh_then_stops():
    """A loss that jumps up everywhere but here: one evaluation, and two searches."""
    point = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = ConjugateGradient([point], **LONG)
    jump = closure_of(optimizer, lambda x: x.sum() + (x.detach() != 0).sum() * 9, point)
    optimizer.step(jump)
    assert point.item() == 0
    assert optimizer.evaluations <= 26 and optimizer.state[point]["n_iter"] == 1
    point.data.fill_(5.0)
    optimizer.step(closure_of(optimizer, lambda x: (x * x).sum(), point))
    assert abs(point.item()) < 1e-6


def test_after_a_failed_search_the_gradient_is_tried():
    """A step aside costs 9, and the direction from before leads aside."""
    point = torch.nn.Parameter(torch.tensor([1.0, 0.0], dtype=torch.float64))
    optimizer = ConjugateGradient([point], method="fletcher-reeves", restart=None)
    gradient, aside = torch.eye(2, dtype=torch.float64)
    before = {"d": aside, "prev_flat_grad": gradient, "since_restart": 1}
    optimizer.state[point].update(before, t=1.0, slope=-1.0, prev_loss=1.0)

    def loss(x):
        return x[0] ** 2 / 2 + 9 * (x[1] != 0)

    optimizer.step(closure_of(optimizer, loss, point))
    assert abs(point[0].item()) < 1e-6 and point[1].item() == 0


@pytest.mark.parametrize(
    "g, before, d", [(1.0, 0.5, 100.0), (1e120, 1e100, -1e160)], ids=["uphill", "huge"]
)
def test_a_direction_that_leads_nowhere_is_replaced(g, before, d):
    state = {"d": d, "prev_flat_grad": before, "since_restart": 3}
    for name in "d", "prev_flat_grad":
        state[name] = torch.tensor([state[name]], dtype=torch.float64)
    here = Point(0, 1.0, math.nan, torch.tensor([g], dtype=torch.float64))
    options = {"method": "fletcher-reeves", "restart": None}
    vector, slope, since = next_direction(
        state, here, here.extra.dot(here.extra).item(), options
    )
    assert (vector.item(), slope, since) == (-g, -g * g, 1)


def test_a_hook_is_called_around_each_step():
    called = []
    point = torch.nn.Parameter(torch.ones(2))
    optimizer = ConjugateGradient([point])
    optimizer.register_step_post_hook(lambda *args: called.append("after"))
    optimizer.step(closure_of(optimizer, lambda x: x.dot(x), point))
    assert called == ["after"]


def test_ours_as_leaf_without_a_graph_is_left_alone():
    point = Tensor(torch.ones(2, dtype=torch.float64), True)
    optimizer = ConjugateGradient([point])
    optimizer.step(closure_of(optimizer, lambda x: (x * x).sum(), point))
    assert point.is_leaf and point.grad_fn is None


@pytest.mark.parametrize("search", ["strong_wolfe", "exact"])
def test_the_last_digits_of_the_loss_are_not_needed(search):
    """Of a million, a loss shows changes of 1e-10; slopes lead on below 1e-14."""
    options = {**LONG, "tolerance_grad": 1e-8, "line_search_fn": search}
    point, state = descend(lambda x: 1e6 + rosenbrock(x), rosenbrock.start, **options)
    assert (point - 1).abs().max() < 1e-7
    assert state["n_iter"] < 60


@pytest.mark.parametrize(
    "value, change",
    [(4.0, -0.75), (4.0 + 2e-8, -0.75), (4.0 + 1e-7, 1e-7), (3.0, -1.0)],
)
def test_a_change_that_values_do_not_show_comes_from_the_slopes(value, change):
    gradient = torch.zeros(1, dtype=torch.float64)
    phi = change_along(lambda step: (value, 0.5, gradient), 4.0, -2.0)
    given, slope, (kept, true) = phi(1.0)
    assert given == pytest.approx(change, rel=1e-6)
    assert (slope, kept, true) == (0.5, gradient, value)


def test_in_float32_more_digits_are_in_doubt():
    phi = change_along(lambda step: (4.001, 0.5, torch.zeros(1)), 4.0, -2.0)
    assert phi(1.0)[0] == -0.75


@pytest.mark.parametrize(
    "value, slope", [(math.nan, 1.0), (math.inf, 1.0), (4.0, math.nan)]
)
def test_no_slope_hides_what_is_not_finite(value, slope):
    phi = change_along(lambda step: (value, slope, torch.zeros(1)), 4.0, -2.0)
    assert not (math.isfinite(phi(1.0)[0]) and math.isfinite(phi(1.0)[1]))
