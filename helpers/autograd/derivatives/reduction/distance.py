"""Distances between points: of pairs, and of each to each."""

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.reduction.norm import slope_of_norm
from helpers.autograd.derivatives.shape.move import conjugated
from helpers.autograd.operations.declare import composite, derivative

aten = torch.ops.aten

# fmt: off
derivative("cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary')",
    broadcasts=True,
    x1=lambda grad, x1, x2, p, out: (
        aten._cdist_backward.default(grad.contiguous(), x1, x2, p, out)),
    x2=lambda grad, x1, x2, p, out: aten._cdist_backward.default(
        grad.mT.contiguous(), x2, x1, p, out.mT.contiguous()))
derivative("pdist(input, p=2.0)", torch.pdist, F.pdist,
    input=lambda grad, input, p, out: (
        aten._pdist_backward.default(grad.contiguous(), input, p, out)))
derivative("renorm(input, p, dim, maxnorm)", conjugate=False,
    input=lambda grad, input, p, dim, maxnorm: (
        slope_of_renorm(grad, input, p, dim, maxnorm)))
# fmt: on


@composite(aten._cdist_backward.default)
def cdist_backward(grad, x1, x2, p, out):
    """The gradients of all distances from a point, added up."""
    apart = x1.unsqueeze(-2) - x2.unsqueeze(-3)
    grad, out = grad.unsqueeze(-1), out.unsqueeze(-1)
    return slope_of_norm(grad, apart, p, -1, out).sum(-2).sum_to_size(x1.shape)


@composite(aten._pdist_backward.default)
def pdist_backward(grad, input, p, out):
    """The same of all pairs among points: what one gets, the other has negative."""
    one, other = torch.triu_indices(
        len(input), len(input), 1, device=input.device
    ).unbind()
    apart = input.index_select(0, one) - input.index_select(0, other)
    slope = slope_of_norm(grad.unsqueeze(-1), apart, p, -1, out.unsqueeze(-1))
    zeros = torch.zeros_like(input)
    return zeros.index_add(0, one, slope).index_add(0, other, -slope)


@composite(torch.pairwise_distance)
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The distances of points to their partners; eps keeps them from 0."""
    return torch.linalg.vector_norm(x1 - x2 + eps, p, -1, keepdim)


def slope_of_renorm(grad, input, p, dim, maxnorm):
    """The gradient of slices that were shortened, and the rest as it is."""
    others = [each for each in range(input.ndim) if each != dim % input.ndim]
    norms = torch.linalg.vector_norm(input, p, others, True)
    inverse = 1 / (norms + 1e-7)
    along = (conjugated(input) * grad).sum(others, True)
    along = along.real if along.is_complex() else along
    turned = grad - inverse * slope_of_norm(along, input, p, others, norms)
    return torch.where(norms > maxnorm, maxnorm * inverse * turned, grad)
