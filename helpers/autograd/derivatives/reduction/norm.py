"""Norms of vectors and matrices.

All but those made of singular values are the vector norm, or sums and maxima.
"""

import math

import torch

from helpers.autograd.derivatives.reduction._reduce_utils import (
    in_dtype,
    shared_among,
    unreduced,
)
from helpers.autograd.operations.declare import composite, derivative

# fmt: off
derivative("vector_norm(input, ord=2, dim=None, keepdim=False, *, dtype=None)",
    torch.linalg.vector_norm, node_name="LinalgVectorNormBackward0",
    input=lambda grad, input, ord, dim, keepdim, out: in_dtype(
        slope_of_norm(
            unreduced(grad, input.shape, dim, keepdim),
            in_dtype(input, result_type(input, grad)),
            ord,
            dim,
            unreduced(out, input.shape, dim, keepdim),
        ),
        input.dtype,))
# fmt: on


def slope_of_norm(grad, input, ord, dim, norm):
    """The gradient of the norm (sum |x|^ord)^(1/ord). It is 0 at the origin."""
    if ord == 0:
        return torch.zeros_like(input)
    if ord == 1:
        return grad * input.sgn()
    if ord == 2:
        return grad * (input / norm).masked_fill(norm == 0, 0)
    if math.isinf(ord):
        size = input.abs()
        is_largest = (size == norm) | (size.isnan() & norm.isnan())
        return input.sgn() * shared_among(grad, is_largest, dim)
    if ord < 1:
        scaled = input.sgn() * input.abs().pow(ord - 1).masked_fill(input == 0, 0)
        return scaled * grad * norm.pow(1 - ord)
    if ord < 2:
        scaled = input.sgn() * input.abs().pow(ord - 1)
    else:
        scaled = input * input.abs().pow(ord - 2)
    return scaled * (grad / norm.pow(ord - 1)).masked_fill(norm == 0, 0)


def result_type(input, grad):
    """The precision of the gradient; complex if the input is."""
    return grad.dtype.to_complex() if input.is_complex() else grad.dtype


@composite(torch.linalg.matrix_norm)
def matrix_norm(input, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None):
    """Of each matrix: its entries' norm, or its largest or smallest sum of sizes."""
    if dtype is not None:
        input = input.to(dtype)
    if ord == "fro":
        return torch.linalg.vector_norm(input, 2, dim, keepdim)
    if ord in (2, -2, "nuc"):
        return of_singular_values(input, ord, dim, keepdim)
    row, column = (each % input.ndim for each in dim)
    summed, other = (row, column) if abs(ord) == 1 else (column, row)
    sums = torch.linalg.vector_norm(input, 1, summed, keepdim)
    if not keepdim and summed < other:
        other -= 1
    return (sums.amax if ord > 0 else sums.amin)(other, keepdim)


def of_singular_values(input, ord, dim, keepdim):
    """The sum, the largest or the smallest of the singular values of each matrix."""
    values = torch.linalg.svdvals(input.movedim(tuple(dim), (-2, -1)))
    if ord == "nuc":
        found = values.sum(-1)
    else:
        found = values.amax(-1) if ord > 0 else values.amin(-1)
    return unreduced(found, input.shape, dim, keepdim=False) if keepdim else found


@composite(torch.linalg.norm)
def norm(input, ord=None, dim=None, keepdim=False, *, dtype=None):
    """A matrix norm if two dimensions and an order are meant, else a vector norm."""
    dims = range(input.ndim) if dim is None else dim
    is_matrix = not isinstance(dims, int) and len(dims) == 2
    if ord is None or not (is_matrix or isinstance(ord, str)):
        ord = 2 if ord is None else ord
        return torch.linalg.vector_norm(input, ord, dim, keepdim, dtype=dtype)
    dim = (0, 1) if dim is None else dim
    return torch.linalg.matrix_norm(input, ord, dim, keepdim, dtype=dtype)


@composite(torch.norm, torch.Tensor.norm)
def old_norm(input, p="fro", dim=None, keepdim=False, out=None, dtype=None):
    """torch.norm: the norm of all entries, along `dim` if given, unless nuclear."""
    if p == "nuc":
        dim = (0, 1) if dim is None else dim
        return torch.linalg.matrix_norm(input, "nuc", dim, keepdim, dtype=dtype)
    p = 2.0 if p in ("fro", None) else p
    return torch.linalg.vector_norm(input, p, dim, keepdim, dtype=dtype)


@composite(torch.dist, torch.Tensor.dist)
def dist(input, other, p=2):
    """The norm of a difference."""
    return torch.linalg.vector_norm(input - other, p)
