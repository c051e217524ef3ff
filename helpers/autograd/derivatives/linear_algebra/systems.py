"""Triangular systems, least squares, pseudo-inverses, and the matrix exponential."""

import torch

from helpers.autograd.derivatives.linear_algebra.solve_det import adjoint, turned
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.tensor.tensor import lowered

of_tensor = torch.Tensor

# fmt: off
derivative("solve_triangular(A, B, *, upper, left=True, unitriangular=False)",
    torch.linalg.solve_triangular, node_name="LinalgSolveTriangularBackward0",
    broadcasts=True,
    A=lambda grad, A, upper, left, unitriangular, out: slope_of_triangle(
        torch.linalg.solve_triangular(
            turned(A), grad, upper=not upper, left=left, unitriangular=unitriangular),
        upper, left, unitriangular, out),
    B=lambda grad, A, upper, left, unitriangular: torch.linalg.solve_triangular(
        turned(A), grad, upper=not upper, left=left, unitriangular=unitriangular))
derivative("cholesky_solve(B, L, upper=False)", torch.cholesky_solve, broadcasts=True,
    conjugate=False,
    B=lambda grad, L, upper: torch.cholesky_solve(grad, L, upper),
    L=lambda grad, L, upper, out: slope_of_factor(
        torch.cholesky_solve(grad, L, upper) @ adjoint(out), L, upper))
derivative("cholesky_inverse(L, upper=False)", conjugate=False,
    L=lambda grad, L, upper, out: slope_of_factor(out @ grad @ out, L, upper))
derivative("linalg_pinv(A, *given, **named)", torch.linalg.pinv,
    node_name="LinalgPinvBackward0", conjugate=False,
    A=lambda grad, A, out: slope_of_pinv(grad, A, out))
derivative("linalg_lstsq(A, B, rcond=None, *, driver=None)", torch.linalg.lstsq,
    differentiable_outputs=(0, 1), inputs=["A", "B"], conjugate=False,
    joint=lambda grads, A, B, out0, needs: slopes_of_lstsq(grads, A, B, out0, needs))
derivative("linalg_matrix_exp(input)", torch.linalg.matrix_exp, torch.matrix_exp,
    of_tensor.matrix_exp, conjugate=False,
    input=lambda grad, input: slope_of_matrix_exp(grad, input))
# fmt: on
composite(of_tensor.cholesky_solve)(
    lambda input, input2, upper=False: torch.cholesky_solve(input, input2, upper)
)
composite(torch.pinverse, of_tensor.pinverse)(
    lambda input, rcond=1e-15: torch.linalg.pinv(input, rcond)
)


@composite(torch.triangular_solve, of_tensor.triangular_solve)
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """torch.linalg.solve_triangular under its old name, and a copy of A."""
    matrix, upper_now = (turned(A), not upper) if transpose else (A, upper)
    solution = torch.linalg.solve_triangular(
        matrix, b, upper=upper_now, unitriangular=unitriangular
    )
    return torch.return_types.triangular_solve((solution, A.clone()))


@composite(torch.linalg.tensorinv)
def tensorinv(A, ind=2):
    """The inverse of the matrix that the first `ind` dimensions are the rows of."""
    shape = torch.linalg.tensorinv(lowered(A).to("meta"), ind).shape  # torch's errors
    rows, columns = A.shape[:ind], A.shape[ind:]
    return torch.linalg.inv(A.reshape(rows.numel(), columns.numel())).reshape(shape)


@composite(torch.linalg.tensorsolve)
def tensorsolve(A, B, dims=None):
    """The array that a tensor product with A makes B of."""
    if dims is not None:
        A = A.movedim(dims, tuple(range(A.ndim - len(dims), A.ndim)))
    shape = A.shape[B.ndim :]
    matrix = A.reshape(B.numel(), shape.numel())
    return torch.linalg.solve(matrix, B.reshape(-1)).reshape(shape)


@composite(torch.linalg.vander)
def vander(x, N=None):
    """The powers 0 to N - 1 of each number."""
    x = torch.atleast_1d(x)
    count = x.shape[-1] if N is None else N
    rows = x.unsqueeze(-1).expand(*x.shape, count - 1).cumprod(-1)
    return torch.cat([torch.ones_like(x).unsqueeze(-1), rows], -1)


@composite(torch.linalg.cond)
def cond(A, p=None):
    """How much larger an error can grow when a system with A is solved."""
    if p in (None, 2, -2):
        values = torch.linalg.svdvals(A)
        largest, smallest = values[..., 0], values[..., -1]
        return smallest / largest if p == -2 else largest / smallest
    return torch.linalg.norm(A, p, (-2, -1)) * torch.linalg.norm(
        torch.linalg.inv(A), p, (-2, -1)
    )


def slope_of_triangle(right_hand_side, upper, left, unitriangular, out):
    """The gradient of the triangular matrix of a system, in its triangle."""
    slope = right_hand_side @ turned(out) if left else turned(out) @ right_hand_side
    edge = int(unitriangular)
    return -(slope.triu(edge) if upper else slope.tril(-edge))


def slope_of_factor(product, factor, upper):
    """The gradient of a Cholesky factor from half that of the matrix it is for."""
    both = product + adjoint(product)
    return -factor @ both if upper else -both @ factor


def slope_of_pinv(grad, matrix, inverse):
    """The gradient of a matrix of constant rank from that of its pseudo-inverse.

    Source: Golub and Pereyra (1973), "The differentiation of pseudo-inverses".
    """
    turned_grad, turned_inverse = adjoint(grad), adjoint(inverse)
    back = turned_grad @ inverse
    there = inverse @ turned_grad
    outside = turned_grad - matrix @ there
    return (
        -adjoint(inverse @ back)
        + (outside @ inverse) @ turned_inverse
        + turned_inverse @ (there - there @ inverse @ matrix)
    )


def slopes_of_lstsq(grads, matrix, right_hand_side, solution, needs):
    """The gradients of A and B, through the solution and through the residuals."""
    of_solution, of_residuals, *_ = grads
    is_vector = right_hand_side.ndim == matrix.ndim - 1
    columns = right_hand_side.unsqueeze(-1) if is_vector else right_hand_side
    of_matrix = of_columns = 0
    if of_solution is not None:
        if is_vector:
            of_solution = of_solution.unsqueeze(-1)
        inverse = torch.linalg.pinv(matrix)
        of_columns = adjoint(inverse) @ of_solution
        if needs[0]:
            of_inverse = of_solution @ adjoint(columns)
            of_matrix = slope_of_pinv(of_inverse, matrix, inverse)
    if of_residuals is not None and of_residuals.numel():
        solved = solution.unsqueeze(-1) if is_vector else solution
        weighted = 2 * of_residuals.unsqueeze(-2) * (matrix @ solved - columns)
        of_matrix = of_matrix + weighted @ adjoint(solved)
        of_columns = of_columns - weighted
    return of_matrix, of_columns.squeeze(-1) if is_vector else of_columns


def slope_of_matrix_exp(grad, matrix):
    """The upper right block of the exponential of [[Aᴴ, grad], [0, Aᴴ]].

    Source: Mathias (1996), "A chain rule for matrix functions".
    """
    size = matrix.shape[-1]
    turned_matrix = adjoint(matrix)
    above = torch.cat([turned_matrix, grad], -1)
    below = torch.cat([torch.zeros_like(grad), turned_matrix], -1)
    return torch.linalg.matrix_exp(torch.cat([above, below], -2))[..., :size, size:]
