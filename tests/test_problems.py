"""Problems: the minimum is where it is said to be, in any batch, dtype and device."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers import problems

ALL = [
    problems.quadratic_bowl(),
    problems.quadratic_bowl((3.0,)),
    problems.rosenbrock_chain(5),
    problems.rosenbrock,
    problems.beale,
    problems.powell,
    problems.himmelblau,
    problems.double_well,
    problems.rastrigin,
    problems.booth,
    problems.saddle,
]
each_problem = pytest.mark.parametrize("problem", ALL, ids=lambda p: p.name)
each_minimum = pytest.mark.parametrize(
    "problem, minimum",
    [(problem, point) for problem in ALL for point in problem.minimum],
    ids=lambda part: getattr(part, "name", None),
)


def leaf(point, **options):
    return torch.tensor(point, dtype=torch.float64, requires_grad=True, **options)


def test_all_problems_of_the_package_are_tested():
    known = {v.name for v in vars(problems).values() if isinstance(v, problems.Problem)}
    elsewhere = {problem.name for problem in problems.MORE_GARBOW_HILLSTROM.values()}
    assert known <= {problem.name for problem in ALL} | elsewhere


@each_minimum
def test_value_and_gradient_at_a_minimum(problem, minimum):
    point = leaf(minimum)
    value = problem(point)
    value.backward()
    assert value.item() == pytest.approx(problem.minimum_value, abs=1e-12)
    assert point.grad.abs().max().item() < 1e-6


@each_minimum
def test_a_minimum_is_one(problem, minimum):
    """The Hessian there has no negative eigenvalue."""
    hessian = torch.autograd.functional.hessian(problem, leaf(minimum))
    assert torch.linalg.eigvalsh(hessian).min().item() > -1e-9


@each_problem
def test_nothing_in_the_box_lies_below_the_minimum(problem):
    generator = np.random.default_rng(0)
    low, high = np.array(problem.box).T
    points = torch.from_numpy(generator.uniform(low, high, (20_000, len(low))))
    assert problem(points).min().item() >= problem.minimum_value - 1e-12


@each_problem
def test_start_and_minima_lie_in_the_box(problem):
    for point in (problem.start, *problem.minimum):
        assert len(point) == len(problem.box)
        pairs = zip(point, problem.box, strict=True)
        assert all(low <= x <= high for x, (low, high) in pairs)


@each_problem
def test_the_start_is_not_flat(problem):
    point = leaf(problem.start)
    problem(point).backward()
    assert point.grad.norm().item() > 1e-3


@each_problem
@given(data=st.data())
def test_a_batch_equals_its_points_one_by_one(problem, data):
    shape = (2, 3, len(problem.start))
    batch = torch.from_numpy(data.draw(arrays(float, shape, elements=st.floats(-5, 5))))
    values = problem(batch)
    assert values.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        assert values[i, j].item() == pytest.approx(problem(batch[i, j]).item())


@each_problem
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_device_and_dtype_follow_the_point(problem, device, dtype):
    if device.type == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    value = problem(torch.tensor(problem.start, dtype=dtype, device=device))
    assert (value.dtype, value.device.type) == (dtype, device.type)


@each_problem
def test_two_derivatives_are_right(problem):
    torch.autograd.gradcheck(problem, leaf(problem.start))
    torch.autograd.gradgradcheck(problem, leaf(problem.start))


@each_problem
def test_a_source_and_a_short_repr(problem):
    assert len(problem.source) > 10
    assert repr(problem) == f"Problem({problem.name!r})"


@pytest.mark.parametrize(
    "problem, point, value",
    [
        (problems.rosenbrock, (-1.2, 1.0), 24.2),
        (problems.beale, (1.0, 1.0), 14.203125),
        (problems.powell, (3.0, -1.0, 0.0, 1.0), 215.0),
        (problems.himmelblau, (0.0, 0.0), 170.0),
        (problems.booth, (0.0, 0.0), 74.0),
        (problems.rastrigin, (1.0, 1.0), 2.0),
    ],
    ids=lambda part: getattr(part, "name", None),
)
def test_values_that_the_literature_gives(problem, point, value):
    assert problem(leaf(point)).item() == pytest.approx(value)


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=5))
def test_curvatures_are_the_hessian_of_the_bowl(curvatures):
    bowl = problems.quadratic_bowl(curvatures)
    hessian = torch.autograd.functional.hessian(bowl, leaf(bowl.start))
    assert torch.allclose(hessian, torch.diag(torch.tensor(curvatures).double()))


@given(st.integers(2, 8))
def test_the_chain_of_two_is_rosenbrock(dimensions):
    chain = problems.rosenbrock_chain(dimensions)
    assert chain(leaf(chain.minimum[0])).item() == 0
    if dimensions == 2:
        assert chain(leaf((0.3, -0.4))) == problems.rosenbrock(leaf((0.3, -0.4)))


def test_the_saddle_has_no_minimum():
    assert problems.saddle.minimum == ()
    assert problems.saddle.minimum_value == -math.inf


@pytest.mark.parametrize("curvatures", [(), (1.0, 0.0), (-1.0,)])
def test_a_bowl_needs_positive_curvatures(curvatures):
    with pytest.raises(ValueError, match="allowed are one or more positive numbers"):
        problems.quadratic_bowl(curvatures)


def test_a_bowl_needs_a_start_of_its_size():
    with pytest.raises(ValueError, match="has 1 coordinates; allowed are 2"):
        problems.quadratic_bowl((1.0, 2.0), start=(1.0,))


def test_a_chain_needs_two_coordinates():
    with pytest.raises(ValueError, match="dimensions = 1; allowed is 2 or more"):
        problems.rosenbrock_chain(1)


def test_a_point_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\); Booth allows \(\.\.\., 2\)"):
        problems.booth(torch.zeros(3))
    with pytest.raises(ValueError, match=r"shape \(\)"):
        problems.booth(torch.tensor(1.0))


def test_a_point_that_is_no_tensor_is_refused():
    with pytest.raises(TypeError, match=r"is of type tuple.*pass torch.tensor"):
        problems.booth((1.0, 3.0))
