"""Products of vectors and matrices.

For C = A @ B each rule is one of two: the gradient of A is grad @ Bᵀ, that of B is
Aᵀ @ grad. Inverses and determinants are in `matrices`, sums by letters in `einsum`.
"""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.operations.operation import Operation

of_tensor = torch.Tensor

# Two arrays

MM = derivative(
    "mm(input, mat2)",
    input=lambda grad, mat2: grad.mm(mat2.t()),
    mat2=lambda grad, input: input.t().mm(grad),
)
# fmt: off
derivative("bmm(input, mat2)",
    input=lambda grad, mat2: grad.bmm(mat2.transpose(1, 2)),
    mat2=lambda grad, input: input.transpose(1, 2).bmm(grad))
derivative("mv(input, vec)",
    input=lambda grad, vec: torch.outer(grad, vec),
    vec=lambda grad, input: input.t().mv(grad))
derivative("dot(input, tensor)",
    input=lambda grad, tensor: grad * tensor,
    tensor=lambda grad, input: grad * input)
derivative("outer(input, vec2)", torch.outer, of_tensor.outer, torch.ger, of_tensor.ger,
    input=lambda grad, vec2: grad.mv(vec2),
    vec2=lambda grad, input: grad.t().mv(input))
# fmt: on
MATMUL = Operation(
    "matmul(input, other)",
    {
        "input": lambda grad, input_shape, other: slope_of_left(
            grad, input_shape, other
        ),
        "other": lambda grad, input, other_shape: slope_of_right(
            grad, input, other_shape
        ),
    },
)


@composite(torch.matmul, of_tensor.matmul, of_tensor.__matmul__, torch.linalg.matmul)
def matmul(input, other):
    """Two matrices take the operation for matrices, as in torch; all else the other."""
    if input.ndim == 2 and other.ndim == 2:
        return MM(torch.mm, (input, other), {})
    return MATMUL(torch.matmul, (input, other), {})


composite(of_tensor.__rmatmul__)(lambda input, other: torch.matmul(other, input))
composite(torch.vdot, of_tensor.vdot, torch.linalg.vecdot)(
    lambda input, other, *, dim=-1: (input.conj() * other).sum(dim)
)
composite(torch.linalg.multi_dot)(lambda tensors: multiplied(tensors))
composite(torch.chain_matmul)(lambda *matrices: multiplied(matrices))


@composite(torch.inner, of_tensor.inner)
def inner(input, other):
    """Sums of products along the last dimension of both."""
    if not input.ndim or not other.ndim:
        return input * other
    return torch.tensordot(input, other, ([-1], [-1]))


@composite(torch.kron, of_tensor.kron)
def kron(input, other):
    """Every element of the first array, times all of the second."""
    ndim = max(input.ndim, other.ndim)
    left, right = padded_shape(input, ndim), padded_shape(other, ndim)
    coarse = [size for each in left for size in (each, 1)]
    fine = [size for each in right for size in (1, each)]
    product = input.reshape(coarse) * other.reshape(fine)
    return product.reshape([a * b for a, b in zip(left, right, strict=True)])


# A product and something to add

# fmt: off
derivative("addmm(input, mat1, mat2, *, beta=1, alpha=1)", broadcasts=True,
    input=lambda grad, beta: scaled(grad, beta),
    mat1=lambda grad, mat2, alpha: scaled(grad.mm(mat2.t()), alpha),
    mat2=lambda grad, mat1, alpha: scaled(mat1.t().mm(grad), alpha))
derivative("addmv(input, mat, vec, *, beta=1, alpha=1)", broadcasts=True,
    input=lambda grad, beta: scaled(grad, beta),
    mat=lambda grad, vec, alpha: scaled(torch.outer(grad, vec), alpha),
    vec=lambda grad, mat, alpha: scaled(mat.t().mv(grad), alpha))
derivative("addr(input, vec1, vec2, *, beta=1, alpha=1)", broadcasts=True,
    input=lambda grad, beta: scaled(grad, beta),
    vec1=lambda grad, vec2, alpha: scaled(grad.mv(vec2), alpha),
    vec2=lambda grad, vec1, alpha: scaled(grad.t().mv(vec1), alpha))
# fmt: on
for name in ("baddbmm", "addbmm"):
    derivative(
        f"{name}(input, batch1, batch2, *, beta=1, alpha=1)",
        broadcasts=True,
        input=lambda grad, beta: scaled(grad, beta),
        batch1=lambda grad, batch2, alpha: scaled(
            grad.matmul(batch2.transpose(1, 2)), alpha
        ),
        batch2=lambda grad, batch1, alpha: scaled(
            batch1.transpose(1, 2).matmul(grad), alpha
        ),
    )

# Layers. The edges are in the order of torch's node.

# fmt: off
derivative("linear(input, weight, bias=None)", node_name="AddmmBackward0",
    optional={"bias": "MmBackward0"},
    bias=lambda grad, bias_shape: (
        grad.sum(0) if grad.ndim == 2 else grad.sum_to_size(bias_shape)),
    input=lambda grad, weight: slope_of_linear(grad, weight),
    weight=lambda grad, input, weight_shape: (
        grad.t().mm(input)
        if grad.ndim == 2 and input.ndim == 2
        else slope_of_weight(grad, input, weight_shape)))
# fmt: on


@composite(F.bilinear)
def bilinear(input1, input2, weight, bias=None):
    """For each output a matrix between two inputs."""
    out = torch.einsum("...i,oij,...j->...o", input1, weight, input2)
    return out if bias is None else out + bias


def slope_of_linear(grad, weight):
    """grad @ weight, for a weight that may be a single row without its dimension."""
    if weight.ndim == 1:
        return grad.unsqueeze(-1) * weight
    return grad.mm(weight) if grad.ndim == 2 else grad.matmul(weight)


def slope_of_weight(grad, input, shape):
    """gradᵀ @ input, whatever the leading dimensions; the weight may be one row."""
    grad = grad.unsqueeze(-1) if len(shape) == 1 else grad
    return as_rows(grad).t().mm(as_rows(input)).reshape(shape)


def as_rows(array):
    """All leading dimensions of an array made one."""
    if array.ndim == 2:
        return array
    return array.flatten(0, -2) if array.ndim > 2 else array.reshape(1, -1)


def slope_of_left(grad, shape, other):
    """The gradient of A, of some shape, in A @ B; vectors are rows or columns."""
    if other.ndim == 1:
        slope = grad.unsqueeze(-1) * other
    elif len(shape) == 1:
        slope = other.matmul(grad.unsqueeze(-1)).squeeze(-1)
    else:
        slope = grad.matmul(other.transpose(-2, -1))
    return slope.sum_to_size(shape)


def slope_of_right(grad, input, shape):
    """The gradient of B, of some shape, in A @ B; vectors are rows or columns."""
    if input.ndim == 1:
        slope = grad * input if len(shape) == 1 else outer_last(input, grad)
    elif len(shape) == 1:
        slope = grad.unsqueeze(-2).matmul(input).squeeze(-2)
    elif len(shape) == 2:
        return as_rows(input).t().mm(as_rows(grad))
    else:
        slope = input.transpose(-2, -1).matmul(grad)
    return slope.sum_to_size(shape)


def outer_last(column, rows):
    """The outer product of a vector with each of the vectors of an array."""
    return column.unsqueeze(-1) * rows.unsqueeze(-2)


def padded_shape(array, ndim):
    """The shape of an array, with ones in front for missing dimensions."""
    return [1] * (ndim - array.ndim) + list(array.shape)


def multiplied(matrices):
    """The product of matrices, one after the other."""
    product, *others = matrices
    for each in others:
        product = product.matmul(each)
    return product


def scaled(array, factor):
    """factor * array, without a new array for the factor 1."""
    return array if factor == 1 else array * factor
