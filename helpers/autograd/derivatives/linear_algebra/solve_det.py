"""Inverses, linear systems, determinants and the Cholesky factor."""

import torch

from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.tensor.tensor import Tensor

aten = torch.ops.aten
of_tensor = torch.Tensor

# fmt: off
derivative("linalg_inv(A)", torch.linalg.inv, torch.inverse, of_tensor.inverse,
    node_name="LinalgInvExBackward0",
    A=lambda grad, out: -turned(out) @ grad @ turned(out))
derivative("linalg_cholesky(input, *, upper=False)", torch.linalg.cholesky,
    node_name="LinalgCholeskyExBackward0", conjugate=False,
    input=lambda grad, out, upper: (
        slope_of_cholesky(adjoint(grad), adjoint(out))
        if upper
        else slope_of_cholesky(grad, out)))
derivative("linalg_cholesky_ex(input, *, upper=False, check_errors=False)",
    torch.linalg.cholesky_ex, differentiable_outputs=(0,), conjugate=False,
    input=lambda grad, out0, upper: (
        slope_of_cholesky(adjoint(grad), adjoint(out0))
        if upper
        else slope_of_cholesky(grad, out0)))
derivative("linalg_inv_ex(A, *, check_errors=False)", torch.linalg.inv_ex,
    differentiable_outputs=(0,),
    A=lambda grad, out0: -turned(out0) @ grad @ turned(out0))
# fmt: on
composite(torch.cholesky, of_tensor.cholesky)(
    lambda input, upper=False: torch.linalg.cholesky(input, upper=upper)
)
# fmt: off
derivative("linalg_solve(A, B, *, left=True)", torch.linalg.solve,
    node_name="LinalgSolveExBackward0", broadcasts=True,
    A=lambda grad, A, B_shape, left, out: slope_of_system(grad, A, B_shape, left, out),
    B=lambda grad, A, left: torch.linalg.solve(turned(A), grad, left=left))
derivative("linalg_det(A)", torch.linalg.det, torch.det, of_tensor.det,
    node_name="LinalgDetBackward0", conjugate=False,
    A=lambda grad, A, out: (
        grad.reshape(A.shape)
        if A.shape[-1] == 1
        else slope_of_det(grad * out.conj(), A)))
derivative("linalg_slogdet(A)", torch.linalg.slogdet, torch.slogdet, of_tensor.slogdet,
    node_name="LinalgSlogdetBackward0", conjugate=False,
    A=lambda grads, A, out0: slope_of_slogdet(*grads, A, out0))
# fmt: on
composite(torch.logdet, of_tensor.logdet)(lambda input: torch.linalg.det(input).log())
composite(torch.trace, of_tensor.trace)(lambda input: input.diagonal().sum())
# fmt: off
derivative("linalg_cross(input, other, *, dim=-1)", torch.linalg.cross, broadcasts=True,
    input=lambda grad, other, dim: torch.linalg.cross(other, grad, dim=dim),
    other=lambda grad, input, dim: torch.linalg.cross(grad, input, dim=dim))
# fmt: on


@composite(torch.cross, of_tensor.cross)
def cross(input, other, dim=None):
    """The product at right angles; unless given, along the first dimension of 3."""
    if dim is None:
        dim = list(input.shape).index(3)
    return torch.linalg.cross(input, other, dim=dim)


@composite(torch.linalg.matrix_power, torch.matrix_power, of_tensor.matrix_power)
def matrix_power(input, n):
    """A product of n equal matrices; of inverses for a negative n."""
    if n == 0:
        eye = torch.eye(input.shape[-1], dtype=input.dtype, device=input.device)
        return input.clone().copy_(eye)
    base = torch.linalg.inv(input) if n < 0 else input
    power = base
    for _ in range(abs(n) - 1):
        power = power @ base
    return power


def turned(matrices):
    """The transposed matrices of the last two dimensions."""
    return matrices.transpose(-2, -1)


def adjoint(matrices):
    """Transposed, and conjugated where they are complex."""
    return turned(matrices).conj()


def slope_of_system(grad, matrices, shape, left, out):
    """The gradient of A in A @ X = B, or X @ A = B."""
    right_hand_side = torch.linalg.solve(turned(matrices), grad, left=left)
    ndim = len(shape)
    if ndim == 1 or (ndim == matrices.ndim - 1 and shape == matrices.shape[:-1]):
        return -right_hand_side.unsqueeze(-1) * out.unsqueeze(-2)
    if left:
        return -right_hand_side @ turned(out)
    return -turned(out) @ right_hand_side


def slope_of_cholesky(grad, factor):
    """The gradient of a symmetric matrix from that of its lower factor.

    Murray, Differentiation of the Cholesky decomposition, 2016.
    """
    inverse = torch.linalg.inv(factor)
    inner = (adjoint(factor) @ grad).tril()
    inner = (inner + adjoint(inner.tril(-1))) / 2
    return adjoint(inverse) @ inner @ inverse


def slope_of_slogdet(of_sign, of_size, matrices, sign):
    """The gradient from that of the logarithm, and for complex numbers the sign's."""
    weight = torch.zeros_like(sign) if of_size is None else of_size
    if of_sign is not None and sign.is_complex():
        weight = weight - 1j * (of_sign.conj() * sign).imag
    return weight.unsqueeze(-1).unsqueeze(-1) * adjoint(torch.linalg.inv(matrices))


def slope_of_det(weight, matrices):
    """The matrix G that solves Aᴴ @ G = weight * 1.

    The determinant is smooth at singular matrices too. There torch puts a small number
    in the place of each zero on the diagonal of the factor U, and so does this; for
    gradients of gradients, which need a record of the steps, neither does.
    """
    diagonal = torch.diag_embed(weight.unsqueeze(-1).expand(matrices.shape[:-1]))
    if isinstance(weight, Tensor):
        return torch.linalg.solve(adjoint(matrices), diagonal)
    factors, pivots, _ = torch.linalg.lu_factor_ex(matrices)
    small = torch.finfo(factors.dtype).eps * (factors.diagonal(dim1=-2, dim2=-1) == 0)
    return torch.linalg.lu_solve(
        factors + torch.diag_embed(small).to(factors.dtype), pivots, diagonal,
        adjoint=True,
    )  # fmt: skip
