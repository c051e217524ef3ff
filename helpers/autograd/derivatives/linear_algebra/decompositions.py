"""Matrices taken apart: QR, eigenvalues and eigenvectors, and LU."""

import torch

from helpers.autograd.derivatives.linear_algebra.solve_det import adjoint
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.tensor.tensor import lowered

aten = torch.ops.aten
of_tensor = torch.Tensor

# fmt: off
derivative("linalg_qr(A, mode='reduced')", torch.linalg.qr, conjugate=False,
    A=lambda grads, out0, out1, mode: slope_of_qr(*grads, out0, out1, mode))
derivative("linalg_eigh(A, UPLO='L')", torch.linalg.eigh, conjugate=False,
    A=lambda grads, out0, out1: slope_of_eigh(*grads, out0, out1))
derivative("linalg_eig(A)", torch.linalg.eig, conjugate=False,
    A=lambda grads, out0, out1, A_dtype: (
        in_kind(slope_of_eig(*grads, out0, out1), A_dtype)))
derivative("linalg_lu(A, *, pivot=True)", torch.linalg.lu, conjugate=False,
    differentiable_outputs=(1, 2),
    A=lambda grads, out0, out1, out2: slope_of_lu(*grads[1:], out0, out1, out2))
derivative("linalg_lu_factor_ex(A, *, pivot=True, check_errors=False)",
    torch.linalg.lu_factor_ex, differentiable_outputs=(0,), conjugate=False,
    A=lambda grad, out0, out1: slope_of_lu_factor(grad, out0, out1))
derivative("linalg_lu_factor(A, *, pivot=True)", torch.linalg.lu_factor,
    differentiable_outputs=(0,), node_name="LinalgLuFactorExBackward0", conjugate=False,
    A=lambda grad, out0, out1: slope_of_lu_factor(grad, out0, out1))
# fmt: on


@composite(torch.qr, of_tensor.qr)
def qr(input, some=True):
    """torch.linalg.qr under its old name."""
    pair = torch.linalg.qr(input, "reduced" if some else "complete")
    return torch.return_types.qr(pair)


@composite(torch.linalg.eigvalsh)
def eigvalsh(A, UPLO="L"):
    """The eigenvalues alone. Their derivative needs the vectors too."""
    return torch.linalg.eigh(A, UPLO)[0]


@composite(torch.linalg.eigvals)
def eigvals(A):
    """The eigenvalues alone. Their derivative needs the vectors too."""
    return torch.linalg.eig(A)[0]


@composite(torch.lu_unpack)
def lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True):
    """The permutation, the lower and the upper factor that LU is packed of."""
    parts = torch.lu_unpack(
        lowered(LU_data), lowered(LU_pivots), unpack_data, unpack_pivots
    )
    if not unpack_data:
        return parts
    size = min(LU_data.shape[-2:])
    ones = torch.eye(*parts.L.shape[-2:], dtype=LU_data.dtype, device=LU_data.device)
    lower = LU_data[..., :size].tril(-1) + ones
    return torch.return_types.lu_unpack((parts.P, lower, LU_data[..., :size, :].triu()))


@composite(torch.linalg.lu_solve)
def lu_solve(LU, pivots, B, *, left=True, adjoint=False):
    """What solves A @ X = B for the matrix A that LU was made of, or its relatives."""
    if not left:
        turned = torch.linalg.lu_solve(LU, pivots, B.mH, adjoint=not adjoint)
        return turned.mH
    P, lower, upper = torch.lu_unpack(LU, pivots)
    solve = torch.linalg.solve_triangular
    if adjoint:
        inner = solve(upper.mH, B, upper=False)
        return P @ solve(lower.mH, inner, upper=True, unitriangular=True)
    inner = solve(lower, P.mT @ B, upper=False, unitriangular=True)
    return solve(upper, inner, upper=True)


composite(torch.lu_solve, of_tensor.lu_solve)(
    lambda b, LU_data, LU_pivots: torch.linalg.lu_solve(LU_data, LU_pivots, b)
)


# Formulas. Where the gradient of one part is None, it is nothing.


def slope_of_qr(of_q, of_r, q, r, mode):
    """The gradient of A = q @ r. Wide matrices are a square one, and q times the rest.

    Source: Liao, Liu, Wang, Xiang (2019), "Differentiable programming tensor networks".
    """
    rows, columns = q.shape[-2], r.shape[-1]
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when "
            "mode='r'. Use mode='reduced'"
        )
    if mode == "complete" and rows > columns:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows "
            f"> ncols; got {rows} rows, {columns} columns. Use mode='reduced'"
        )
    if rows >= columns:
        return slope_of_tall_qr(of_q, of_r, q, r)
    square, rest = r[..., :rows], r[..., rows:]
    if of_r is None:
        of_r = torch.zeros_like(r)
    of_square, of_rest = of_r[..., :rows], of_r[..., rows:]
    through = q @ rest @ adjoint(of_rest)
    of_q = through if of_q is None else of_q + through
    return torch.cat([slope_of_tall_qr(of_q, of_square, q, square), q @ of_rest], -1)


def slope_of_tall_qr(of_q, of_r, q, r):
    """The same where A has at least as many rows as columns."""
    inner = 0 if of_r is None else of_r @ adjoint(r)
    inner = inner if of_q is None else inner - adjoint(q) @ of_q
    upper = inner.triu()
    halved = upper.diagonal(dim1=-2, dim2=-1).real.diag_embed()
    slope = q @ (upper + adjoint(upper) - halved)
    slope = slope if of_q is None else slope + of_q
    return torch.linalg.solve_triangular(adjoint(r), slope, upper=False, left=False)


def slope_of_eigh(of_values, of_vectors, values, vectors):
    """The gradient of a symmetric matrix, for distinct eigenvalues."""
    inner = 0 if of_values is None else of_values.diag_embed()
    if of_vectors is not None:
        turned = adjoint(vectors) @ of_vectors
        refuse_phase(turned, "eigh")
        inner = inner + off_diagonal((turned - adjoint(turned)) / 2 / gaps(values))
    return vectors @ inner.to(vectors.dtype) @ adjoint(vectors)


def slope_of_eig(of_values, of_vectors, values, vectors):
    """The gradient of any square matrix, for distinct eigenvalues.

    Source: Boeddeker et al. (2017), "On the computation of complex-valued gradients".
    """
    inner = 0 if of_values is None else of_values.diag_embed()
    if of_vectors is not None:
        turned = adjoint(vectors) @ of_vectors
        refuse_phase(turned, "eig")
        lengths = turned.diagonal(dim1=-2, dim2=-1).real.unsqueeze(-2)
        turned = turned - adjoint(vectors) @ (vectors * lengths)
        inner = inner + off_diagonal(turned / gaps(values).conj())
    return torch.linalg.solve(adjoint(vectors), inner @ adjoint(vectors))


def gaps(values):
    """For each pair of eigenvalues how far they are apart, and 1 on the diagonal."""
    apart = values.unsqueeze(-2) - values.unsqueeze(-1)
    own = torch.eye(values.shape[-1], dtype=torch.bool, device=values.device)
    return apart.masked_fill(own, 1)


def off_diagonal(matrices):
    """The matrices with zeros on the diagonal."""
    own = torch.eye(matrices.shape[-1], dtype=torch.bool, device=matrices.device)
    return matrices.masked_fill(own, 0)


def refuse_phase(turned, name):
    """Raise torch's error if a loss depends on the phase of complex eigenvectors."""
    if not turned.is_complex():
        return
    phase = lowered(turned).diagonal(dim1=-2, dim2=-1).imag
    if not torch.all(phase.abs() <= 1e-2):
        raise RuntimeError(
            f"linalg_{name}_backward: The eigenvectors in the complex case are "
            "specified up to multiplication by e^{i phi}. The specified loss function "
            "depends on this quantity, so it is ill-defined. Use what does not, such "
            "as their absolute values"
        )


def slope_of_lu_factor(grad, packed, pivots):
    """The gradient of A from that of both factors in one array."""
    size = min(packed.shape[-2:])
    parts = torch.lu_unpack(packed, pivots)
    return slope_of_lu(grad[..., :size].tril(-1), grad[..., :size, :].triu(), *parts)


def slope_of_lu(of_lower, of_upper, permutation, lower, upper):
    """The gradient of A = permutation @ lower @ upper.

    A wide or tall matrix is a square one, and a rest that the other factor goes into.
    """
    size = min(rows := lower.shape[-2], columns := upper.shape[-1])
    of_lower = torch.zeros_like(lower) if of_lower is None else of_lower
    of_upper = torch.zeros_like(upper) if of_upper is None else of_upper
    square_lower, square_upper = lower[..., :size, :], upper[..., :size]
    of_square_lower, of_square_upper = of_lower[..., :size, :], of_upper[..., :size]
    rest = []
    if columns > size:
        rest = [under(square_lower, of_upper[..., size:])]
        of_square_lower = of_square_lower - rest[0] @ adjoint(upper[..., size:])
    if rows > size:
        rest = [over(of_lower[..., size:, :], square_upper)]
        of_square_upper = of_square_upper - adjoint(lower[..., size:, :]) @ rest[0]
    inner = (adjoint(square_lower) @ of_square_lower).tril(-1)
    inner = inner + (of_square_upper @ adjoint(square_upper)).triu()
    square = under(square_lower, over(inner, square_upper))
    whole = torch.cat([square, *rest], -1 if columns > size else -2)
    return permutation @ whole


def under(lower, array):
    """The inverse of a lower factor's adjoint, times an array."""
    return torch.linalg.solve_triangular(
        adjoint(lower), array, upper=True, unitriangular=True
    )


def over(array, upper):
    """An array, times the inverse of an upper factor's adjoint."""
    return torch.linalg.solve_triangular(adjoint(upper), array, upper=False, left=False)


def in_kind(array, dtype):
    """The array, or of a real matrix the real part."""
    return array if dtype.is_complex else array.real
