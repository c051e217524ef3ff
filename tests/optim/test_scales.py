"""Losses and systems times a power of two: the same path, to the ends of all numbers.

A power of two changes no digit, so what does not depend on the scale stays the same to
the last bit, as long as the dtype holds the numbers themselves; their squares need not
fit. Where a dtype's own products would be lost they are summed in float64, which rounds
otherwise: there paths are compared to rounding.
"""

from fractions import Fraction

import pytest
import torch

from helpers.optim import LBFGS, ConjugateGradient, linear_conjugate_gradient
from helpers.optim.base.products import dot, first_length, norm
from helpers.optim.line_search import Point, backtracking, strong_wolfe
from helpers.optim.line_search.cubic import cubic_minimum
from helpers.problems import rosenbrock
from tests.optim.descents import closure_of, drawn

# How far numbers near 1 can be scaled, and still have all their digits.
ENDS = {
    torch.float16: (-10, 12),
    torch.bfloat16: (-110, 120),
    torch.float32: (-95, 120),
    torch.float64: (-950, 1000),
}
POWERS = [
    pytest.param(dtype, low + (high - low) * part // 12, id=f"{dtype}-{part}")
    for dtype, (low, high) in ENDS.items()
    for part in range(13)
]
each_power = pytest.mark.parametrize("dtype, power", POWERS)


def times(vector, power):
    """A vector times 2**power, exactly."""
    halves = power // 2, power - power // 2
    for each in halves:
        vector = vector * 2.0**each
    return vector


def exact(first, second):
    """The sum of products, without rounding."""
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return sum(Fraction(a) * Fraction(b) for a, b in pairs)


@each_power
@pytest.mark.parametrize("count", [1, 3, 40])
def test_products_and_lengths_are_right(dtype, power, count):
    eps = Fraction(torch.finfo(dtype).eps)
    first = times(drawn(0, count).abs().add(0.5).to(dtype), power)
    second = times(drawn(1, count).abs().add(0.5).to(dtype), -power // 2)
    for other in (first, second):
        expected = exact(first, other)
        if Fraction(2) ** -1000 < expected < Fraction(2) ** 1020:
            assert abs(Fraction(dot(first, other)) - expected) <= count * eps * expected
    square = Fraction(norm(first)) ** 2
    assert abs(square - exact(first, first)) <= 2 * count * eps * square


@each_power
def test_a_small_product_of_large_vectors_is_that_of_their_dtype(dtype, power):
    """It cancels; nothing has been lost below all numbers."""
    first = times(torch.tensor([1.0, 1.0], dtype=dtype), power)
    second = torch.tensor([1.0, -1.0], dtype=dtype)
    assert dot(first, second) == first.dot(second).item() == 0


def test_what_is_not_finite_stays_so():
    for number in (float("inf"), float("nan")):
        bad = torch.tensor([number, 1.0])
        assert str(dot(bad, bad)) == str(norm(bad)) == str(abs(number))
    assert dot(torch.zeros(2), torch.ones(2)) == norm(torch.zeros(2)) == 0
    assert dot(torch.ones(0), torch.ones(0)) == norm(torch.ones(0)) == 0


@pytest.mark.parametrize("dtype", ENDS)
def test_the_first_step_is_above_0_however_large_the_gradient(dtype):
    gradient = torch.full((100,), torch.finfo(dtype).max / 2, dtype=dtype)
    expected = Fraction(1) / (100 * Fraction(gradient[0].item()))
    got = Fraction(first_length(gradient))
    assert got > 0
    if dtype is not torch.float64:  # whose step is so short that it lacks digits
        assert abs(got - expected) <= Fraction(torch.finfo(dtype).eps) * 4 * expected


def matrix(dtype, size=6):
    """A symmetric matrix whose eigenvalues lie between 1 and 4."""
    directions, _ = torch.linalg.qr(drawn(2, size, size))
    values = torch.linspace(1, 4, size, dtype=torch.float64)
    return (directions * values @ directions.T).to(dtype)


def solved(A, b, **options):
    return linear_conjugate_gradient(lambda v: A @ v, b, **options)


@each_power
def test_a_system_with_a_scaled_right_hand_side_has_a_scaled_solution(dtype, power):
    A, b = matrix(dtype), drawn(3, 6).to(dtype)
    options = {"tolerance": 10 * torch.finfo(dtype).eps}
    base, scaled = solved(A, b, **options), solved(A, times(b, power), **options)
    assert (scaled.converged, scaled.why) == (base.converged, base.why)
    assert scaled.iterations == base.iterations
    rough = {"rtol": 30 * torch.finfo(dtype).eps, "atol": 0}
    torch.testing.assert_close(
        times(scaled.x.double(), -power), base.x.double(), **rough
    )
    assert scaled.residual_norm * 2.0**-power <= 1.1 * options["tolerance"] * norm(b)


@each_power
def test_a_first_guess_is_scaled_too(dtype, power):
    A, b, x0 = matrix(dtype), drawn(3, 6).to(dtype), drawn(4, 6).to(dtype)
    tolerance = 30 * torch.finfo(dtype).eps
    result = solved(A, times(b, power), x0=times(x0, power), tolerance=tolerance)
    found = A.double() @ times(result.x.double(), -power)
    torch.testing.assert_close(found, b.double(), rtol=0, atol=100 * tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("part", range(-4, 5))
def test_a_scaled_matrix_has_an_inversely_scaled_solution(dtype, part):
    power = part * {torch.float32: 20, torch.float64: 200}[dtype]
    A, b = matrix(dtype), drawn(3, 6).to(dtype)
    base, scaled = solved(A, b), solved(times(A, power), b)
    assert scaled.iterations == base.iterations and scaled.converged
    got = times(scaled.x.double(), power)
    torch.testing.assert_close(got, base.x.double(), rtol=1e-5, atol=1e-5)


@each_power
def test_no_right_hand_side_but_0_is_solved_by_0(dtype, power):
    b = times(torch.tensor([2.0, 4.0], dtype=dtype), power)
    result = linear_conjugate_gradient(lambda v: v * 2, b)
    assert torch.equal(result.x, b / 2) and result.converged
    nothing = linear_conjugate_gradient(lambda v: v * 2, torch.zeros_like(b))
    assert nothing.converged and nothing.iterations == 0 and not nothing.x.any()


SINGULAR = {
    "all alike": ([[1.0, 1.0], [1.0, 1.0]], [1.0, -1.0]),
    "nothing": ([[0.0, 0.0], [0.0, 0.0]], [1.0, 1.0]),
    "half": ([[1.0, 0.0], [0.0, 0.0]], [0.0, 1.0]),
    "half of both": ([[1.0, 0.0], [0.0, 0.0]], [1.0, 1.0]),
}


@each_power
@pytest.mark.parametrize("name", SINGULAR)
def test_a_direction_without_curvature_is_named(dtype, power, name):
    A, b = (torch.tensor(each, dtype=dtype) for each in SINGULAR[name])
    result = solved(A, times(b, power))
    assert not result.converged and "not positive definite" in result.why
    direction = result.negative_direction
    assert direction.any() and not (A @ direction).any()


DESCENTS = [
    (LBFGS, {"line_search_fn": "strong_wolfe"}),
    (LBFGS, {}),
    (ConjugateGradient, {}),
    (ConjugateGradient, {"line_search_fn": "exact"}),
    *((ConjugateGradient, {"method": m}) for m in ("fletcher-reeves", "hager-zhang")),
]
FREE = {"tolerance_grad": 0, "tolerance_change": 0}
each_descent = pytest.mark.parametrize("method, options", DESCENTS, ids=str)


def path(method, options, function, start, steps=6, **more):
    """Where the parameters stand after each step of some iterations."""
    point = torch.nn.Parameter(start.clone())
    optimizer = method([point], max_iter=4, **{**FREE, **options, **more})
    seen = []
    for _ in range(steps):
        optimizer.step(closure_of(optimizer, function, point))
        seen.append(point.detach().clone())
    return seen


@each_descent
@pytest.mark.parametrize("power", [10, 100, 300, 480])
def test_in_float64_the_scale_of_a_loss_changes_no_bit(method, options, power):
    start = torch.tensor(rosenbrock.start, dtype=torch.float64)
    base = path(method, options, rosenbrock, start)
    scaled = path(method, options, lambda x: times(rosenbrock(x), power), start)
    assert all(map(torch.equal, base, scaled))


@each_descent
@pytest.mark.parametrize("power", [20, 50, 70, 90, 110])
def test_in_float32_only_rounding_changes(method, options, power):
    start = torch.tensor([1.0, -0.5, 0.25])
    curved = torch.tensor([1.0, 2.0, 3.0])

    def bowl(x):
        return (curved * x * x).sum()

    ends = [
        path(method, options, lambda x, p=p: times(bowl(x), p), start)
        for p in (2, power)
    ]
    for base, scaled in zip(*ends, strict=True):
        torch.testing.assert_close(scaled, base, rtol=1e-3, atol=1e-5)
    assert ends[1][-1].abs().max() < 1e-3


@each_descent
@pytest.mark.parametrize("dtype", ENDS)
def test_a_steep_bowl_is_descended(method, options, dtype):
    """The gradient is a hundredth of all numbers; its square is none."""
    steepness = torch.finfo(dtype).max ** (1 if dtype != torch.float64 else 0.49) / 100
    start = torch.tensor([1.0, 0.5], dtype=dtype)
    ends = path(method, options, lambda x: steepness * (x * x).sum(), start)
    assert ends[-1].abs().max() < 0.1


FLAT = [
    (ConjugateGradient, {}),
    (ConjugateGradient, {"line_search_fn": "exact"}),
]


@pytest.mark.parametrize("scale", [1e-12, 1e-20, 1e-25, 1e-30])
@pytest.mark.parametrize("method, options", FLAT, ids=str)
def test_a_flat_bowl_is_descended_in_float32(method, options, scale):
    """The square of its gradient is 0, and it is none."""
    start = torch.tensor([1.0, 2.0])
    ends = path(method, options, lambda x: scale * (x * x).sum(), start, max_eval=200)
    assert ends[-1].abs().max() < 1e-3


@pytest.mark.parametrize("power", range(-1000, 1001, 100))
def test_a_cubic_is_lowest_at_the_same_step(power):
    points = [(0.0, 1.0, -2.0), (3.0, 4.0, 4.0), (2.0, 0.25, -0.125)]
    for first in points:
        for second in points:
            if first[0] != second[0]:
                base = cubic_minimum(Point(*first), Point(*second))
                scaled = [
                    Point(step, value * 2.0**power, slope * 2.0**power)
                    for step, value, slope in (first, second)
                ]
                assert cubic_minimum(*scaled) == base


@pytest.mark.parametrize("search", [strong_wolfe, backtracking])
@pytest.mark.parametrize("power", range(-900, 901, 100))
def test_a_search_takes_the_same_steps(search, power):
    def found(scale):
        trials = []

        def phi(step):
            trials.append(step)
            return scale * ((step - 1) ** 4 + step), scale * (4 * (step - 1) ** 3 + 1)

        result = search(phi, scale, -3.0 * scale, 8.0)
        return trials, result.step, result.why

    assert found(2.0**power) == found(1.0)
