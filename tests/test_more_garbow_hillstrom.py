"""The 35 problems of Moré, Garbow and Hillstrom: as published, and differentiable."""

import re

import numpy as np
import pytest
import torch
from scipy.optimize import minimize  # scikit-learn brings SciPy

from helpers import problems
from helpers.autograd import Tensor
from tests.published_values import MINIMA, SOLUTION_28, START_VALUES, WORSE

ALL = problems.MORE_GARBOW_HILLSTROM
each_problem = pytest.mark.parametrize(
    "number", ALL, ids=lambda number: f"{number}: {ALL[number].name}"
)
each_minimum = pytest.mark.parametrize(
    "number, point",
    [(number, point) for number in ALL for point in ALL[number].minimum],
    ids=lambda part: str(part) if isinstance(part, int) else "",
)


def double(values):
    return torch.tensor(values, dtype=torch.float64)


def points_near(point, count, size, generator_seed=0):
    """Points around one, each coordinate off by up to `size` of itself, or of 1."""
    generator = np.random.default_rng(generator_seed)
    off = torch.from_numpy(generator.uniform(-size, size, (count, len(point))))
    return double(point) + off * double(point).abs().clamp(min=1e-6)


def value_and_gradient(problem, place):
    point = double(place).requires_grad_()
    value = problem(point)
    value.backward()
    return value.item(), point.grad.numpy()


def descent(problem, method="BFGS", **settings):
    """Where a descent of SciPy's ends, from the start of the paper."""
    found = minimize(
        lambda place: value_and_gradient(problem, place),
        problem.start,
        jac=True,
        method=method,
        **settings,
    )
    return found.x, found.fun


def newton(problem):
    """Where a descent ends that sees second derivatives as well."""
    return descent(
        problem,
        "trust-exact",
        hess=lambda place: torch.autograd.functional.hessian(problem, double(place)),
        options={"gtol": 1e-11},
    )


def test_all_numbers_and_their_sources():
    assert list(ALL) == list(range(1, 36))
    for number, problem in ALL.items():
        assert "Moré, Garbow and Hillstrom" in problem.source
        assert re.search(rf"problem {number}\b", problem.source)
    assert len({problem.name for problem in ALL.values()}) == 35


@pytest.mark.parametrize("number", START_VALUES)
def test_value_at_the_start(number):
    value = ALL[number](double(ALL[number].start)).item()
    assert value == pytest.approx(START_VALUES[number], rel=1e-9)


def test_broyden_banded_sees_five_before_and_one_after():
    """At (1, ..., 1) a residual is 8, less 2 for each neighbour in the band."""
    neighbours = [1, 2, 3, 4, 5, 6, 6, 6, 6, 5]
    wanted = sum((8 - 2 * count) ** 2 for count in neighbours)
    assert ALL[31](double([1.0] * 10)).item() == wanted


@each_problem
def test_minimum_values_are_the_published_ones(number):
    problem = ALL[number]
    assert problem.minimum_value == pytest.approx(MINIMA.get(number, 0), rel=1e-5)
    worse = [WORSE[number]] if number in WORSE else []
    assert list(problem.worse_minimum_values) == pytest.approx(worse, rel=1e-5)


@each_minimum
def test_value_at_a_minimum_and_beside_it(number, point):
    problem = ALL[number]
    value = problem(double(point)).item()
    assert value == pytest.approx(problem.minimum_value, rel=1e-9, abs=1e-20)
    beside = problem(points_near(point, 200, 1e-3))
    assert beside.min().item() > problem.minimum_value - 1e-13 * abs(value)


@each_problem
def test_start_and_minima_lie_in_the_box(number):
    problem = ALL[number]
    low, high = np.array(problem.box).T
    for point in (problem.start, *problem.minimum):
        assert np.all(low <= point) and np.all(point <= high)


@each_problem
def test_bfgs_ends_at_a_published_value(number):
    """How far above, follows from the gradient at which it stops.

    The valley of 22 is flattest, as x**4: where no slope is above g, the value is at
    most 0.73 g**(4/3), by its four slopes a block. Others end nearer.
    """
    problem, g = ALL[number], 1e-9
    _, value = descent(problem, options={"gtol": g, "maxiter": 2000})
    published = (problem.minimum_value, *problem.worse_minimum_values)
    off = g ** (4 / 3)
    assert value in [pytest.approx(each, rel=1e-6, abs=off) for each in published]


@pytest.mark.parametrize(
    "number, point",
    [
        (2, (11.4127789, -0.8968053)),
        (8, (0.8406666738, -1.59e8, -1.645e8)),
        (15, (728675.473768, -14.07588031, -32977797.784, -20571594.1978)),
        (27, (0,) * 9 + (11,)),
    ],
)
def test_value_at_the_worse_places(number, point):
    """The points for 2, 8 and 15 are where MINPACK's tests end from other starts."""
    value, gradient = value_and_gradient(ALL[number], [float(x) for x in point])
    assert value == pytest.approx(WORSE[number], rel=1e-5)
    assert abs(gradient).max() < 1e-3


@pytest.mark.parametrize(
    "problem, published",
    [
        (problems.penalty_1(4), 2.24997e-5),
        (problems.penalty_2(4), 9.37629e-6),
        (problems.watson(9), 1.39976e-6),
        (problems.watson(12), 4.72238e-10),
        (problems.chebyquad(7), 0),
        (problems.chebyquad(9), 0),
    ],
    ids=lambda part: getattr(part, "name", ""),
)
def test_minima_of_other_sizes(problem, published):
    assert problem.minimum_value == pytest.approx(published, rel=1e-5)
    _, value = newton(problem)
    assert value == pytest.approx(problem.minimum_value, rel=1e-6, abs=1e-15)


def test_chebyquad_of_10_has_a_lower_minimum_than_the_published_one():
    problem = problems.chebyquad(10)
    assert problem.worse_minimum_values == (pytest.approx(6.50395e-3, rel=1e-5),)
    _, lower = newton(problem)
    assert lower == pytest.approx(problem.minimum_value, rel=1e-9)
    assert lower < 0.74 * problem.worse_minimum_values[0]


def test_boundary_value_problem_and_integral_equation_have_one_solution():
    for number in 28, 29:
        assert ALL[number](double(ALL[number].start)).item() > 1e-4
        assert ALL[number](double(SOLUTION_28)).item() < 1e-13
    other, _ = newton(problems.discrete_boundary_value(7))
    assert problems.discrete_integral_equation(7)(double(other)).item() < 1e-20


@each_problem
def test_gradient_is_that_of_finite_differences(number):
    """Divided by its size at the start, so that one tolerance serves all."""
    problem = ALL[number]
    point = points_near(problem.start, 1, 0.01)[0]
    size = problem(point).item()
    point.requires_grad_()
    assert torch.autograd.gradcheck(lambda p: problem(p) / size, point, eps=1e-7)


@each_problem
def test_helpers_autograd_differentiates_it_as_torch_does(number):
    problem = ALL[number]
    point = points_near(problem.start, 1, 0.01)[0]
    ours, torchs = Tensor(point, requires_grad=True), point.clone().requires_grad_()
    value, wanted = problem(ours), problem(torchs)
    value.backward()
    wanted.backward()
    assert value.item() == pytest.approx(wanted.item(), rel=1e-13)
    size = torchs.grad.abs().max().item()
    assert size > 0
    assert torch.allclose(ours.grad.data, torchs.grad, rtol=1e-11, atol=1e-13 * size)


@each_problem
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_device_and_dtype_follow_the_point(number, dtype, device):
    if device.type == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    problem = ALL[number]
    value = problem(torch.tensor(problem.start, dtype=dtype, device=device))
    assert (value.shape, value.dtype, value.device.type) == ((), dtype, device.type)
    wanted = problem(double(problem.start)).item()
    assert value.item() == pytest.approx(wanted, rel=1e-3)


@each_problem
def test_a_batch_equals_its_points_one_by_one(number):
    problem = ALL[number]
    points = points_near(problem.start, 6, 0.1)
    values = problem(points.reshape(2, 3, -1))
    assert values.shape == (2, 3)
    assert values.flatten().tolist() == pytest.approx(
        [problem(p).item() for p in points]
    )


@each_problem
def test_a_point_of_another_size_is_refused(number):
    problem = ALL[number]
    size = len(problem.start)
    with pytest.raises(ValueError, match=rf"{problem.name} allows \(\.\.\., {size}\)"):
        problem(torch.zeros(size + 1))


@pytest.mark.parametrize(
    "make, dimensions, allowed",
    [
        (problems.watson, 1, "2 or more"),
        (problems.extended_rosenbrock, 3, "2 or more, in steps of 2"),
        (problems.extended_powell, 6, "4 or more, in steps of 4"),
        (problems.linear_rank_1_zero, 2, "3 or more"),
        (problems.chebyquad, 0, "1 or more"),
        (problems.discrete_boundary_value, -1, "1 or more"),
    ],
)
def test_a_size_that_the_paper_does_not_allow(make, dimensions, allowed):
    sentence = f"dimensions = {dimensions}; {make.__name__} allows {allowed}: take"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make(dimensions)


@pytest.mark.parametrize("make", [problems.linear_full_rank, problems.linear_rank_1])
def test_fewer_residuals_than_coordinates(make):
    sentence = f"residuals = 4; {make.__name__} of 5 coordinates allows 5 or more: take"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make(5, 4)


def test_a_minimum_that_is_not_known_is_not_a_number():
    for make in problems.watson, problems.penalty_1, problems.chebyquad:
        assert np.isnan(make(11).minimum_value)
