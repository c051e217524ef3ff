"""The losses of torch.nn.functional, spelled out.

They check and broadcast, then call one kernel of `losses`, or are sums of products.
"""

import math
import warnings

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.losses.classification import reduction_number
from helpers.autograd.operations.declare import composite
from helpers.autograd.registry import call

nn = torch._C._nn

OTHER_SIZE = (
    "Using a target size ({}) that is different to the input size ({}). This will "
    "likely lead to incorrect results due to broadcasting. Please ensure they have the "
    "same size."
)


@composite(F.mse_loss)
def mse_loss(input, target, size_average=None, reduce=None, reduction="mean",
             weight=None):  # fmt: skip
    """Squares of differences."""
    input, target, number = prepared(input, target, size_average, reduce, reduction)
    if weight is None:
        return call(nn.mse_loss, input, target, number)
    return weighted_mean((input - target).square(), weight, number)


@composite(F.l1_loss)
def l1_loss(input, target, size_average=None, reduce=None, reduction="mean",
            weight=None):  # fmt: skip
    """Sizes of differences."""
    input, target, number = prepared(input, target, size_average, reduce, reduction)
    errors = (input - target).abs()
    if weight is None:
        return reduced(errors, number)
    return weighted_mean(errors, weight, number)


@composite(F.smooth_l1_loss)
def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean",
                   beta=1.0):  # fmt: skip
    """Squares near zero, sizes from beta on."""
    input, target, number = prepared(input, target, size_average, reduce, reduction)
    if beta == 0:
        return reduced((input - target).abs(), number)
    return call(nn.smooth_l1_loss, input, target, number, beta)


@composite(F.huber_loss)
def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """Squares near zero, lines from delta on."""
    input, target, number = prepared(input, target, None, None, reduction)
    if weight is None:
        return call(nn.huber_loss, input, target, number, delta)
    check_weight(input, weight)
    return reduced(call(nn.huber_loss, input, target, 0, delta) * weight, number)


@composite(F.kl_div)
def kl_div(input, target, size_average=None, reduce=None, reduction="mean",
           log_target=False):  # fmt: skip
    """target * (log target - input): how far a distribution is from another."""
    if log_target:
        losses = target.exp() * (target - input)
    else:
        losses = torch.xlogy(target, target) - target * input
    if size_average is None and reduce is None and reduction == "batchmean":
        return losses.sum() / (input.shape[0] if input.ndim else 1)
    return reduced(losses, reduction_number(size_average, reduce, reduction))


@composite(F.binary_cross_entropy)
def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None,
                         reduction="mean"):  # fmt: skip
    """The bits of yes or no, coded by probabilities."""
    if target.shape != input.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if weight is not None:
        weight = weight.expand(torch.broadcast_shapes(target.shape, weight.shape))
    number = reduction_number(size_average, reduce, reduction)
    return call(nn.binary_cross_entropy, input, target, weight, number)


@composite(F.binary_cross_entropy_with_logits)
def binary_cross_entropy_with_logits(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean",
    pos_weight=None,
):  # fmt: skip
    """The same from logits; exact where the sigmoid would round to 0 or 1."""
    if target.shape != input.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size "
            f"({input.shape})"
        )
    of_yes = -F.logsigmoid(input)
    if pos_weight is not None:
        of_yes = of_yes * (1 + (pos_weight - 1) * target)
    losses = (1 - target) * input + of_yes
    losses = losses if weight is None else losses * weight
    return reduced(losses, reduction_number(size_average, reduce, reduction))


@composite(F.soft_margin_loss)
def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """log(1 + exp(-target * input))."""
    number = reduction_number(size_average, reduce, reduction)
    return call(nn.soft_margin_loss, input, target, number)


@composite(F.hinge_embedding_loss)
def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None,
                         reduction="mean"):  # fmt: skip
    """Distances of pairs that belong together; else what they lack to the margin."""
    apart = (margin - input).clamp_min(0).masked_fill(target == 1, 0)
    together = input.masked_fill(target == -1, 0)
    return reduced(apart + together, reduction_number(size_average, reduce, reduction))


@composite(F.margin_ranking_loss)
def margin_ranking_loss(input1, input2, target, margin=0, size_average=None,
                        reduce=None, reduction="mean"):  # fmt: skip
    """What the one that should be first lacks to be ahead by the margin."""
    losses = (-target * (input1 - input2) + margin).clamp_min(0)
    return reduced(losses, reduction_number(size_average, reduce, reduction))


@composite(F.poisson_nll_loss)
def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None,
                     eps=1e-08, reduce=None, reduction="mean"):  # fmt: skip
    """The negative log-likelihood of counts; `full` adds Stirling's formula."""
    number = reduction_number(size_average, reduce, reduction)
    if log_input:
        losses = input.exp() - target * input
    else:
        losses = input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        losses = losses + stirling.masked_fill(target <= 1, 0)
    return reduced(losses, number)


@composite(F.gaussian_nll_loss)
def gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction="mean"):
    """The negative log-likelihood of numbers with a variance of their own.

    The variance is kept at `eps` or above; its gradient does not see that.
    """
    number = reduction_number(None, None, reduction)
    if isinstance(var, float):
        var = var * torch.ones_like(input)
    if (var < 0).any():
        raise ValueError("var has negative entry/entries")
    if var.shape != input.shape:
        var = one_variance_a_row(input, var)
    var = var + (var.detach().clamp_min(eps) - var.detach())
    losses = 0.5 * (var.log() + (input - target).square() / var)
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, number)


def one_variance_a_row(input, var):
    """A variance for each row, shaped to broadcast; ValueError if it can't be one."""
    if input.shape[:-1] == var.shape:
        return var.unsqueeze(-1)
    sizes = zip(input.shape, var.shape, strict=False)
    if input.ndim == var.ndim and sum(y for x, y in sizes if x != y) == 1:
        return var
    raise ValueError("var is of incorrect size")


def prepared(input, target, size_average, reduce, reduction):
    """Both broadcast to one shape, with torch's warning, and the reduction's number."""
    number = reduction_number(size_average, reduce, reduction)
    if target.shape == input.shape:
        return input, target, number
    warnings.warn(OTHER_SIZE.format(target.shape, input.shape), stacklevel=4)
    shape = torch.broadcast_shapes(input.shape, target.shape)
    return input.expand(shape), target.expand(shape), number


def check_weight(input, weight):
    """Refuse a weight that is not one for each element, as torch does."""
    if weight.shape != input.shape:
        raise ValueError("Weights and input must have the same size.")


def weighted_mean(losses, weight, number):
    """Losses with a weight each; the mean divides by the sum of the weights."""
    check_weight(losses, weight)
    weighted = losses * weight
    return weighted.sum() / weight.sum() if number == 1 else reduced(weighted, number)


def reduced(losses, number):
    """Each loss, their mean or their sum, by torch's number of the reduction."""
    return losses.mean() if number == 1 else losses.sum() if number == 2 else losses
