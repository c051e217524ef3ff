"""Conjugate gradients on losses that are tiny or huge, to the ends of the numbers."""

import pytest
import torch

from helpers.optim import ConjugateGradient
from helpers.optim.conjugate_gradient.beta import METHODS
from helpers.optim.conjugate_gradient.searches import exact
from helpers.optim.line_search import Point
from helpers.problems import rosenbrock
from tests.optim.descents import closure_of
from tests.optim.lines import Traced

BACKTRACKING = {
    "line_search_fn": "backtracking",
    "method": "hager-zhang",
    "restart": None,
}
SEARCHES = [{"line_search_fn": "strong_wolfe"}, {"line_search_fn": "exact"}]
each_search = pytest.mark.parametrize("search", [*SEARCHES, BACKTRACKING], ids=str)
PATIENT = {"tolerance_grad": 0, "tolerance_change": 0, "max_iter": 100}


def run(function, start, dtype, **options):
    """Where one step leads, and the optimizer."""
    point = torch.nn.Parameter(torch.tensor(start, dtype=dtype))
    optimizer = ConjugateGradient([point], **{**PATIENT, **options})
    optimizer.step(closure_of(optimizer, function, point))
    return point.detach(), optimizer


def bowl(x):
    return x.dot(x * torch.arange(1, len(x) + 1, dtype=x.dtype))


@each_search
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_without_tolerances_it_goes_on_until_no_slope_is_left(search, dtype):
    """Close to 0 the square of the gradient is 0, though the gradient is not."""
    point, _ = run(bowl, [1.0, -2.0, 3.0], dtype, **search)
    assert point.abs().max() < 1e-15


@each_search
def test_a_gradient_whose_square_vanishes_even_in_float64_is_left_alone(search):
    there = [1.0, 2.0], torch.float64
    point, optimizer = run(lambda x: 1e-200 * bowl(x), *there, **search)
    assert point.tolist() == [1, 2] and optimizer.evaluations == 1


@each_search
def test_a_gradient_whose_square_vanishes_in_float32_is_none_the_less_followed(search):
    point, _ = run(lambda x: 1e-30 * bowl(x), [1.0, 2.0], torch.float32, **search)
    assert point.abs().max() < 1e-6


@pytest.mark.parametrize("search", SEARCHES, ids=str)
@pytest.mark.parametrize("scale", [1e-20, 1e-10, 1e10, 1e20])
def test_the_scale_of_the_loss_does_not_matter(search, scale):
    start, most = rosenbrock.start, {"max_iter": 60}
    there = (lambda x: scale * rosenbrock(x)), start, torch.float64
    torch.testing.assert_close(
        run(*there, **search, **most)[0], torch.ones(2, dtype=torch.float64)
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_share_that_float32_cannot_hold_is_not_kept(method):
    """The loss changes between two steps: its gradient becomes 1e25 times as long."""
    options = {"method": method, "restart": None, "max_iter": 1}
    small = [1.0, 2.0], torch.float32
    _, optimizer = run(lambda x: 1e-10 * bowl(x), *small, **options)
    (point,) = optimizer.param_groups[0]["params"]
    optimizer.step(closure_of(optimizer, lambda x: 1e15 * bowl(x), point))
    assert point.isfinite().all()


def test_what_exact_evaluated_is_not_evaluated_again():
    def hill(step):  # its slopes cross 0 at 0.5; the minimum is far to the right
        return (step - 4) ** 4, 4 * (step - 4) ** 3

    traced = Traced(hill)
    result = exact(traced, Point(0, 256.0, -256.0), 0.25, 25, 1.0, 1e-9)
    assert result.satisfied
    assert len(set(traced.trials)) == len(traced.trials) == result.evaluations > 2
