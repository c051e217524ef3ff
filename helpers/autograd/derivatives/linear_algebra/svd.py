"""Singular values, which the nuclear and spectral norms of matrices are made of."""

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import composite, derivative

aten = torch.ops.aten

# fmt: off
derivative("svd(A, full_matrices=False, compute_uv=True, *, driver=None)",
    aten._linalg_svd.default, node_name="LinalgSvdBackward0",
    A=lambda grads, out0, out1, out2: slope_of_svd(grads, out0, out1, out2))
# fmt: on


@composite(torch.linalg.svdvals)
def svdvals(A, *, driver=None):
    """The singular values alone. Their derivative needs the vectors too."""
    return aten._linalg_svd.default(A, driver=driver)[1]


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
    if of_left is not None:
        inner = inner + skew(adjoint(left) @ of_left) / gaps * row
        moved = of_left / row
        outer = (moved - left @ (adjoint(left) @ moved)) @ right
    if of_right is not None:
        inner = inner + column * skew(right @ adjoint(of_right)) / gaps
        moved = of_right / column
        outer = outer + left @ (moved - (moved @ adjoint(right)) @ right)
    return left @ in_dtype(inner, left.dtype) @ right + outer


def adjoint(matrix):
    """The transposed, conjugated matrix."""
    return matrix.transpose(-2, -1).conj()


def skew(matrix):
    """A matrix less its adjoint."""
    return matrix - adjoint(matrix)
