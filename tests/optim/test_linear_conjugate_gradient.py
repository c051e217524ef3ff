"""A x = b from products alone: what it finds, how fast, what it says if it can't."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import autograd
from helpers.optim import linear_conjugate_gradient
from helpers.problems import rosenbrock
from tests.optim.descents import drawn, matrix_with, patient, seeds

sizes = st.integers(1, 8)


def positive(seed, size):
    """A random symmetric, positive definite matrix, eigenvalues from 0.1 up."""
    root = drawn(seed, size, size)
    return root @ root.T + 0.1 * torch.eye(size, dtype=torch.float64)


@patient
@given(seed=seeds, size=sizes)
def test_the_solution_is_numpys(seed, size):
    matrix, b = positive(seed, size), drawn(seed + 1, size)
    found = linear_conjugate_gradient(matrix.mv, b, tolerance=1e-11)
    assert found.converged
    expected = np.linalg.solve(matrix.numpy(), b.numpy())
    np.testing.assert_allclose(found.x, expected, rtol=1e-7, atol=1e-7)
    assert found.residual_norm == pytest.approx((b - matrix @ found.x).norm().item())


@pytest.mark.parametrize("distinct", [1, 2, 3, 6])
def test_as_many_iterations_as_distinct_eigenvalues(distinct):
    values = [1.0, 3.0, 9.0, 11.0, 14.0, 20.0][:distinct] * (6 // distinct)
    found = linear_conjugate_gradient(matrix_with(values).mv, drawn(1, 6))
    assert found.iterations == distinct
    assert found.converged and found.why == "the residual is small enough"


def test_directions_are_conjugate_and_residuals_orthogonal():
    matrix, b = positive(3, 6), drawn(4, 6)
    asked = []

    def product(v):
        asked.append(v)
        return matrix @ v

    linear_conjugate_gradient(product, b, max_iter=5, tolerance=0.0)
    directions = torch.stack(asked[1:6])  # the first is x0, the last the solution
    table = directions @ matrix @ directions.T
    scale = table.diagonal().sqrt()
    off = table / torch.outer(scale, scale) - torch.eye(5)
    assert off.abs().max() < 1e-9


def test_a_start_is_used():
    matrix, b = positive(5, 4), drawn(6, 4)
    solution = torch.linalg.solve(matrix, b)
    found = linear_conjugate_gradient(matrix.mv, b, x0=solution, tolerance=1e-9)
    assert found.iterations == 0 and found.converged
    far = drawn(7, 4)
    before = far.clone()
    found = linear_conjugate_gradient(matrix.mv, b, x0=far, tolerance=1e-11)
    torch.testing.assert_close(found.x, solution)
    assert torch.equal(far, before)


def test_no_right_side_no_iteration():
    found = linear_conjugate_gradient(positive(0, 3).mv, torch.zeros(3).double())
    assert found.x.tolist() == [0, 0, 0] and found.iterations == 0 and found.converged


def test_no_numbers_no_iteration():
    solution = linear_conjugate_gradient(torch.clone, torch.ones(0))
    assert (solution.x.numel(), solution.iterations, solution.converged) == (0, 0, True)


def test_any_shape():
    scales = drawn(0, 2, 3).abs() + 1
    b = drawn(1, 2, 3)
    found = linear_conjugate_gradient(lambda v: scales * v, b, tolerance=1e-12)
    torch.testing.assert_close(found.x, b / scales)


def test_a_preconditioner_saves_iterations():
    scales = torch.logspace(0, 6, 40, dtype=torch.float64)
    b = drawn(0, 40)
    system = matrix_with([1.0, 2.0, 4.0, 8.0] * 10) * (
        scales.sqrt().outer(scales.sqrt())
    )
    plain = linear_conjugate_gradient(system.mv, b)
    helped = linear_conjugate_gradient(
        system.mv, b, preconditioner=lambda r: r / scales
    )
    assert helped.converged and helped.iterations <= 10 < plain.iterations / 4
    expected = torch.linalg.solve(system, b)
    torch.testing.assert_close(helped.x, expected, rtol=1e-3, atol=1e-6)


def test_the_inverse_as_preconditioner_takes_one_iteration():
    matrix, b = positive(1, 5), drawn(2, 5)
    inverse = torch.linalg.inv(matrix)
    found = linear_conjugate_gradient(matrix.mv, b, preconditioner=inverse.mv)
    assert found.iterations == 1 and found.converged


def test_spent_iterations_are_told():
    matrix, b = positive(1, 5), drawn(2, 5)
    found = linear_conjugate_gradient(matrix.mv, b, max_iter=2)
    assert (found.iterations, found.converged) == (2, False)
    assert found.why == "max_iter iterations were made"


@patient
@given(seed=seeds)
def test_negative_curvature_is_told(seed):
    matrix = matrix_with([-1.0, 1.0, 2.0, 3.0], seed)
    found = linear_conjugate_gradient(matrix.mv, drawn(seed + 1, 4), tolerance=1e-9)
    assert not found.converged
    assert found.why.startswith("A is not positive definite")
    direction = found.negative_direction
    assert direction.dot(matrix @ direction) <= 0 and direction.norm() > 0
    assert found.x.isfinite().all()


def test_no_negative_direction_without_negative_curvature():
    found = linear_conjugate_gradient(positive(0, 3).mv, drawn(0, 3))
    assert found.negative_direction is None


def test_curvature_of_exactly_zero_is_told():
    wave = torch.tensor([[1.0, 0.0], [0.0, -1.0]])
    found = linear_conjugate_gradient(wave.mv, torch.ones(2))
    assert found.why.startswith("A is not positive definite")
    assert found.negative_direction.tolist() == [1.0, 1.0]


def test_a_preconditioner_that_is_not_positive_is_told():
    found = linear_conjugate_gradient(
        positive(0, 3).mv, drawn(0, 3), preconditioner=torch.neg
    )
    assert "preconditioner is not positive definite" in found.why
    assert not found.converged and found.negative_direction is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_not_finite_is_told(bad):
    matrix = torch.eye(3)
    found = linear_conjugate_gradient(lambda v: matrix @ v * bad, torch.ones(3))
    assert found.why == "A d or a residual is not finite" and not found.converged
    found = linear_conjugate_gradient(matrix.mv, torch.tensor([1.0, bad, 0.0]))
    assert found.why == "A d or a residual is not finite" and not found.converged


def test_rounding_is_told_and_never_taken_for_success():
    """float32, eigenvalues 1 to 1e7: what is updated says 1e-7, the truth is more.

    Some 3,000 iterations, as the last digits fall.
    """
    matrix = matrix_with(torch.logspace(0, 7, 30).tolist()).float()
    b = drawn(1, 30).float()
    found = linear_conjugate_gradient(matrix.mv, b, tolerance=1e-7, max_iter=30_000)
    truth = (b - matrix @ found.x).norm().item()
    assert found.residual_norm == pytest.approx(truth, rel=1e-3)
    assert found.converged == (found.residual_norm <= 1e-7 * b.norm().item())
    assert not found.converged and found.iterations < 30_000
    assert found.why == "the residual falls no further: the rest is rounding"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype_and_device_stay(device, dtype):
    if device.type == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    matrix = matrix_with([1.0, 2.0, 3.0, 4.0]).to(device, dtype)
    found = linear_conjugate_gradient(matrix.mv, torch.ones_like(matrix[0]))
    assert (found.x.dtype, found.x.device) == (dtype, matrix.device)
    assert found.converged


def newtons_step(gradient_and_product, point):
    """From a point to where the parabola there is lowest."""
    gradient, product = gradient_and_product(point)
    return linear_conjugate_gradient(product, -gradient, tolerance=1e-12)


def with_torch(point):
    leaf = point.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(rosenbrock(leaf), leaf, create_graph=True)

    def product(v):
        return torch.autograd.grad(gradient, leaf, v, retain_graph=True)[0]

    return gradient, product


def with_ours(point):
    leaf = autograd.Tensor(point.clone(), True)
    (gradient,) = autograd.grad(rosenbrock(leaf), leaf, create_graph=True)

    def product(v):
        return autograd.grad(gradient, leaf, autograd.Tensor(v), retain_graph=True)[0]

    return gradient, product


@pytest.mark.parametrize("world", [with_torch, with_ours])
def test_newtons_step_from_products_with_the_hessian(world):
    point = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    leaf = point.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(rosenbrock(leaf), leaf)
    hessian = torch.autograd.functional.hessian(rosenbrock, point)
    found = newtons_step(world, point)
    assert found.converged and found.iterations == 2
    expected = -torch.linalg.solve(hessian, gradient)
    torch.testing.assert_close(found.x, expected, rtol=1e-9, atol=1e-9)
    assert not found.x.requires_grad


def test_newtons_steps_reach_the_minimum():
    point = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    for _ in range(8):
        point = point + newtons_step(with_torch, point).x
    torch.testing.assert_close(point, torch.ones(2, dtype=torch.float64))


B, THREE = torch.ones(2), torch.ones(3)
REFUSED = [
    (TypeError, "product = 3 of type int can't be called", {"product": 3}),
    (TypeError, "preconditioner = 3 of type int", {"preconditioner": 3}),
    (TypeError, "b is of type torch.int64; allowed is a t", {"b": B.long()}),
    (TypeError, "b is of type torch.complex64", {"b": B + 1j}),
    (TypeError, "b is of type list", {"b": [1.0, 2.0]}),
    (TypeError, "x0 is of dtype torch.float64; .* b, torch.float3", {"x0": B.double()}),
    (TypeError, r"product\(v\) is of dtype.*: convert", {"product": torch.Tensor.half}),
    (ValueError, r"x0 has shape \(3,\); allowed is .*: give", {"x0": THREE}),
    (ValueError, r"product\(v\) has shape \(1, 2\)", {"product": lambda v: v[None]}),
    (ValueError, r"preconditioner\(r\) has", {"preconditioner": lambda r: r[:1]}),
    (ValueError, "tolerance = -1; allowed is a f.*: set", {"tolerance": -1}),
    (ValueError, "tolerance = nan; allowed", {"tolerance": float("nan")}),
    (ValueError, "tolerance = 'x'; allowed", {"tolerance": "x"}),
    (ValueError, "max_iter = 0; allowed is an i.*: set", {"max_iter": 0}),
    (ValueError, "max_iter = 2.0; allowed", {"max_iter": 2.0}),
    (ValueError, "max_iter = True; allowed", {"max_iter": True}),
]


@pytest.mark.parametrize("error, words, given", REFUSED)
def test_what_is_refused(error, words, given):
    given = {"product": torch.clone, "b": B, **given}
    with pytest.raises(error, match=words):
        linear_conjugate_gradient(given.pop("product"), given.pop("b"), **given)
