"""Losses whose kernels compute the loss, and its slope, in one go.

Those that are made of other operations are in `composed_losses`, classification is in
`likelihoods`. All end in the same way: each element's loss, their mean, or their sum.
"""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative

aten = torch.ops.aten
nn = torch._C._nn

NONE, MEAN, SUM = 0, 1, 2  # torch's numbers for the reductions

# The slopes of these with respect to the target are those of the input, negative.

# fmt: off
derivative("mse_loss(input, target, reduction=1)", nn.mse_loss,
    input=lambda grad, input, target, reduction: (
        aten.mse_loss_backward.default(grad, input, target, reduction)),
    target=lambda grad, input, target, reduction: (
        aten.mse_loss_backward.default(grad, target, input, reduction)))
derivative("smooth_l1_loss(input, target, reduction=1, beta=1.0)", nn.smooth_l1_loss,
    input=lambda grad, input, target, reduction, beta: (
        aten.smooth_l1_loss_backward.default(grad, input, target, reduction, beta)),
    target=lambda grad, input, target, reduction, beta: (
        aten.smooth_l1_loss_backward.default(grad, target, input, reduction, beta)))
derivative("huber_loss(input, target, reduction=1, delta=1.0)", nn.huber_loss,
    input=lambda grad, input, target, reduction, delta: (
        aten.huber_loss_backward.default(grad, input, target, reduction, delta)),
    target=lambda grad, input, target, reduction, delta: (
        aten.huber_loss_backward.default(grad, target, input, reduction, delta)))
derivative("soft_margin_loss(input, target, reduction=1)", nn.soft_margin_loss,
    input=lambda grad, input, target, reduction: (
        aten.soft_margin_loss_backward.default(grad, input, target, reduction)))

# Probabilities. The clamps keep logarithms and slopes finite, at torch's values.

derivative("binary_cross_entropy(input, target, weight=None, reduction=1)",
    nn.binary_cross_entropy,
    input=lambda grad, input, target, weight, reduction: (
        aten.binary_cross_entropy_backward.default(
            grad, input, target, weight, reduction
        )),
    target=lambda grad, input, weight, reduction: weighted(
        shared(grad, input, reduction)
        * ((1 - input).log().clamp_min(-100) - input.log().clamp_min(-100)),
        weight,))
# fmt: on


@composite(aten.mse_loss_backward.default)
def mse_loss_backward(grad, input, target, reduction):
    """Twice the difference."""
    return shared(grad, input, reduction) * 2 * (input - target)


@composite(aten.smooth_l1_loss_backward.default)
def smooth_l1_loss_backward(grad, input, target, reduction, beta):
    """A line between -beta and beta, then -1 or 1."""
    return shared(grad, input, reduction) * F.hardtanh((input - target) / beta)


@composite(aten.huber_loss_backward.default)
def huber_loss_backward(grad, input, target, reduction, delta):
    """The difference, cut off at -delta and delta."""
    return shared(grad, input, reduction) * F.hardtanh(input - target, -delta, delta)


@composite(aten.soft_margin_loss_backward.default)
def soft_margin_loss_backward(grad, input, target, reduction):
    """The logistic function of the margin."""
    slope = -target * (-target * input).sigmoid()
    return shared(grad, input, reduction) * slope


@composite(aten.binary_cross_entropy_backward.default)
def binary_cross_entropy_backward(grad, input, target, weight=None, reduction=1):
    """The difference over the variance p (1 - p)."""
    variance = (input * (1 - input)).clamp_min(1e-12)
    slope = shared(grad, input, reduction) * (input - target) / variance
    return weighted(slope, weight)


def shared(grad, input, reduction):
    """The gradient of each element's loss, from that of their mean or sum."""
    return grad / input.numel() if reduction == MEAN else grad


def weighted(array, weight):
    """The array, times a weight if there is one."""
    return array if weight is None else array * weight
