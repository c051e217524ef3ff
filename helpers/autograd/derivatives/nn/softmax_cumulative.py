"""Operations along a dimension that keep its length: softmax, cumulative sums."""

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import composite, derivative, spelled_by_torch

aten = torch.ops.aten

# Softmax. torch computes the slope in one kernel; below it is spelled out.

# fmt: off
derivative("softmax(input, dim, dtype=None)", torch.softmax, torch.Tensor.softmax,
    torch.special.softmax,
    input=lambda grad, input_dtype, dim, out: in_dtype(
        aten._softmax_backward_data.default(grad, out, dim, grad.dtype), input_dtype))
derivative(
    "log_softmax(input, dim, dtype=None)",
    torch.log_softmax,
    torch.Tensor.log_softmax,
    torch.special.log_softmax,
    input=lambda grad, input_dtype, dim, out: in_dtype(
        aten._log_softmax_backward_data.default(grad, out, dim, grad.dtype), input_dtype
    ),
)
# fmt: on


@composite(aten._softmax_backward_data.default)
def softmax_backward(grad, out, dim, dtype):
    """Each output falls as the others rise, since all add up to 1."""
    weighted = grad * out
    return weighted - out * weighted.sum(dim, True)


@composite(aten._log_softmax_backward_data.default)
def log_softmax_backward(grad, out, dim, dtype):
    """The gradient, less its sum in the shares of the softmax."""
    return grad - out.exp() * grad.sum(dim, True)


def chosen_dim(name, input, dim, stacklevel):
    """The dimension, or the one that torch falls back to, with its warning."""
    if dim is not None:
        return dim
    return F._get_softmax_dim(name, input.ndim, stacklevel)


@composite(F.softmax)
def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """torch.softmax, with a dimension chosen if none is given."""
    return torch.softmax(input, chosen_dim("softmax", input, dim, _stacklevel), dtype)


@composite(F.softmin)
def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """The softmax of the negative."""
    return torch.softmax(-input, chosen_dim("softmin", input, dim, _stacklevel), dtype)


@composite(F.log_softmax)
def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """torch.log_softmax, with a dimension chosen if none is given."""
    dim = chosen_dim("log_softmax", input, dim, _stacklevel)
    return torch.log_softmax(input, dim, dtype)


spelled_by_torch(F.gumbel_softmax)

# Sums and products on the way. An element counts from its own place on.

# fmt: off
derivative("cumsum(input, dim, *, dtype=None)",
    input=lambda grad, input_dtype, dim: in_dtype(sum_from(grad, dim), input_dtype))
derivative("cumprod(input, dim, *, dtype=None)",
    input=lambda grad, input, dim, out: in_dtype(
        slope_of_cumprod(grad, in_dtype(input, grad.dtype), dim, out), input.dtype))
derivative("logcumsumexp(input, dim)", conjugate=False,
    input=lambda grad, input, dim, out: slope_of_logcumsumexp(grad, input, dim, out))
# fmt: on
for name in ("cummax", "cummin"):
    derivative(
        f"{name}(input, dim)",
        differentiable_outputs=(0,),
        input=lambda grad, input_shape, dim, out1: (
            grad.new_zeros(input_shape).scatter_add(dim, out1, grad)
            if len(input_shape)
            else grad
        ),
    )


def sum_from(array, dim):
    """For each place the sum from there to the end."""
    return array.flip(dim).cumsum(dim).flip(dim)


def slope_of_cumprod(grad, input, dim, out):
    """The sum of all later products, each without the element itself.

    Without zeros that is a division. With them, every product is made anew for each
    element, with a 1 in its place: a square of the length, but exact.
    """
    if not input.ndim or input.shape[dim] == 1:
        return grad
    if not (input == 0).any():
        return sum_from(grad * out, dim) / input
    length = input.shape[dim]
    own = torch.eye(length, dtype=torch.bool, device=input.device)
    rows = input.movedim(dim, -1).unsqueeze(-2).masked_fill(own, 1)
    later = rows.cumprod(-1).triu() * grad.movedim(dim, -1).unsqueeze(-2)
    return later.sum(-1).movedim(-1, dim)


def slope_of_logcumsumexp(grad, input, dim, out):
    """For each element the sum of grad * exp(input - out) from there to the end.

    It is summed by its logarithm, positive and negative gradients apart.
    """
    if not input.ndim:
        return grad
    if input.is_complex():
        logs = grad.conj().log() - out
        return (logs.flip(dim).logcumsumexp(dim).flip(dim) + input).exp().conj()

    def summed(logs):
        return ((logs - out).flip(dim).logcumsumexp(dim).flip(dim) + input).exp()

    nothing = torch.full_like(grad, torch.finfo(grad.dtype).min)  # -inf gives NaN
    of_positive = summed(torch.where(grad > 0, grad.log(), nothing))
    return of_positive - summed(torch.where(grad < 0, (-grad).log(), nothing))
