"""Singular values and vectors; the nuclear and spectral norms are made of them."""

import torch

from helpers.autograd.derivatives.linear_algebra.solve_det import adjoint
from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.tensor.tensor import lowered

aten = torch.ops.aten

# fmt: off
derivative("svd(A, full_matrices=False, compute_uv=True, *, driver=None)",
    aten._linalg_svd.default, node_name="LinalgSvdBackward0",
    conjugate=False,
    A=lambda grads, out0, out1, out2: slope_of_svd(*reduced(grads, out0, out1, out2)))
# fmt: on


@composite(torch.linalg.svd)
def svd(A, full_matrices=True, *, driver=None):
    """Left singular vectors, singular values, right singular vectors in rows."""
    parts = aten._linalg_svd.default(A, full_matrices, driver=driver)
    return torch.return_types.linalg_svd(tuple(parts))


@composite(torch.svd, torch.Tensor.svd)
def old_svd(input, some=True, compute_uv=True):
    """The same with right singular vectors in columns; without vectors, zeros."""
    if not compute_uv:
        raws = torch.svd(lowered(input), some, compute_uv)
        return torch.return_types.svd((raws.U, torch.linalg.svdvals(input), raws.V))
    left, values, right = torch.linalg.svd(input, full_matrices=not some)
    return torch.return_types.svd((left, values, adjoint(right)))


@composite(torch.linalg.svdvals)
def svdvals(A, *, driver=None):
    """The singular values alone. Their derivative needs the vectors too."""
    return aten._linalg_svd.default(A, driver=driver)[1]


def reduced(grads, left, values, right):
    """Gradients and parts without the vectors that full matrices have besides."""
    size = values.shape[-1]
    of_left, of_values, of_right = grads
    of_left = None if of_left is None else of_left[..., :size]
    of_right = None if of_right is None else of_right[..., :size, :]
    grads = of_left, of_values, of_right
    return grads, left[..., :size], values, right[..., :size, :]


def slope_of_svd(grads, left, values, right):
    """The gradient of A = left @ diag(values) @ right, for distinct singular values.

    That of the values is a matrix with the same singular vectors. Those of the vectors
    turn them within their space, by `skew` parts, and out of it, if A is not square.
    Source: Townsend (2016), "Differentiating the singular value decomposition".
    """
    of_left, of_values, of_right = grads
    row, column = values.unsqueeze(-2), values.unsqueeze(-1)
    own = torch.eye(values.shape[-1], dtype=torch.bool, device=values.device)
    gaps = (row * row - column * column).masked_fill(own, 1)
    inner = 0 if of_values is None else own * of_values.unsqueeze(-1)
    outer = 0
    if left.is_complex():
        inner = inner + slope_of_phases(of_left, of_right, left, values, right)
    if of_left is not None:
        inner = inner + skew(adjoint(left) @ of_left) / gaps * row
        moved = of_left / row
        outer = (moved - left @ (adjoint(left) @ moved)) @ right
    if of_right is not None:
        inner = inner + column * skew(right @ adjoint(of_right)) / gaps
        moved = of_right / column
        outer = outer + left @ (moved - (moved @ adjoint(right)) @ right)
    return left @ in_dtype(inner, left.dtype) @ right + outer


def slope_of_phases(of_left, of_right, left, values, right):
    """What turns both vectors of a pair. RuntimeError if it matters how far."""
    turns = [
        torch.zeros_like(values) if of_vectors is None else
        (vectors.conj() * of_vectors).sum(dim).imag
        for of_vectors, vectors, dim in ((of_left, left, -2), (of_right, right, -1))
    ]  # fmt: skip
    if not torch.all((lowered(turns[0]) - lowered(turns[1])).abs() <= 1e-2):
        raise RuntimeError(
            "svd_backward: The singular vectors in the complex case are specified up "
            "to multiplication by e^{i phi}. The specified loss function depends on "
            "this phase term, making it ill-defined. Use what does not, such as their "
            "absolute values"
        )
    return (1j * turns[0] / values).diag_embed()


def skew(matrix):
    """A matrix less its adjoint."""
    return matrix - adjoint(matrix)
