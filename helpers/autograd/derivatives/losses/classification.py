"""Classification: the negative log-likelihood of the right class, and cross-entropy.

As in torch, cross_entropy is two operations: log_softmax, and nll_loss, which picks.
"""

import torch
import torch.nn.functional as F
from torch.nn import _reduction

from helpers.autograd.operations.declare import composite, derivative
from helpers.autograd.registry import RULES
from helpers.autograd.tensor.tensor import lowered

aten = torch.ops.aten


def declare_nll_loss(kind):
    """The operation for one class a sample ("nll_loss"), or one a pixel."""
    forward = getattr(aten, f"{kind}_forward").default
    backward = getattr(aten, f"{kind}_backward").default
    operation = derivative(
        f"{kind}(input, target, weight, reduction, ignore_index)",
        forward,
        visible_outputs=1,
        node_name={"nll_loss": "NllLossBackward0"}.get(kind, "NllLoss2DBackward0"),
        input=lambda grads, input, target, weight, reduction, ignore_index, out1: (
            backward(grads[0], input, target, weight, reduction, ignore_index, out1)
        ),
    )
    derivative(
        f"{kind}_backward(grad_output, input, target, weight, reduction, ignore_index, "
        "total_weight)",
        backward,
        grad_output=lambda grad, target, weight, reduction, ignore_index: picked(
            grad, target, weight, reduction, ignore_index
        ),
    )
    return lambda *args: operation(forward, args, {})


NLL_LOSS = declare_nll_loss("nll_loss")
NLL_LOSS_2D = declare_nll_loss("nll_loss2d")


@composite(F.nll_loss)
def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100,
             reduce=None, reduction="mean"):  # fmt: skip
    """The negative of the right class's element; mean, weighted mean or sum of them."""
    reduction = reduction_number(size_average, reduce, reduction)
    return picked(input, target, weight, reduction, ignore_index)


def picked(input, target, weight, reduction, ignore_index):
    """nll_loss by the number of dimensions: one class a sample, or for each pixel."""
    if input.ndim > 1 and input.shape[0] != target.shape[0]:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0]}). Give one target for each sample"
        )
    if input.ndim <= 2:
        return NLL_LOSS(input, target, weight, reduction, ignore_index)
    if input.ndim == 4:
        return NLL_LOSS_2D(input, target, weight, reduction, ignore_index)
    batch, classes = input.shape[:2]
    places = target.shape[1:].numel()
    input = input.reshape(batch, classes, 1, places)
    target_2d = target.reshape(batch, 1, places)
    loss = NLL_LOSS_2D(input, target_2d, weight, reduction, ignore_index)
    return loss.reshape(target.shape) if reduction == 0 else loss


@composite(F.cross_entropy)
def cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100,
                  reduce=None, reduction="mean", label_smoothing=0.0):  # fmt: skip
    """The bits that the right class takes, if classes are coded by the softmax."""
    dim = 0 if input.ndim == 1 else 1
    logs = RULES[torch.log_softmax](torch.log_softmax, (input, dim), {})
    reduction = reduction_number(size_average, reduce, reduction)
    if target.shape == input.shape and target.is_floating_point():
        return against_shares(logs, target, weight, reduction, label_smoothing, dim)
    if label_smoothing:
        return smoothed(
            logs, target, weight, reduction, ignore_index, label_smoothing, dim
        )
    return picked(logs, target, weight, reduction, ignore_index)


def against_shares(logs, target, weight, reduction, smoothing, dim):
    """Cross-entropy against a share for each class."""
    if smoothing:
        target = target * (1 - smoothing) + smoothing / logs.shape[dim]
    losses = -(logs * target if weight is None else
               logs * target * along(weight, logs, dim))  # fmt: skip
    if reduction == 0:
        return losses.sum(dim)
    return losses.sum() / (losses.numel() // losses.shape[dim] if reduction == 1 else 1)


def smoothed(logs, target, weight, reduction, ignore_index, smoothing, dim):
    """Cross-entropy, with a part of each target spread over all classes."""
    exact = picked(logs, target, weight, reduction, ignore_index)
    scaled = logs if weight is None else logs * along(weight, logs, dim)
    is_ignored = lowered(target) == ignore_index
    spread = -scaled.sum(dim).masked_fill(is_ignored, 0)
    if reduction == 1 and weight is None:
        spread = spread.sum() / (~is_ignored).sum()
    elif reduction == 1:
        known = lowered(target).masked_fill(is_ignored, 0)
        of_target = lowered(weight).gather(0, known.flatten())
        of_target = of_target.masked_fill(is_ignored.flatten(), 0)
        spread = spread.sum() / of_target.sum()
    elif reduction == 2:
        spread = spread.sum()
    share = smoothing / logs.shape[dim]
    return exact * (1 - smoothing) + spread * share


def along(weight, array, dim):
    """A weight for each class, shaped to lie along a dimension of an array."""
    return weight.reshape([-1 if each == dim else 1 for each in range(array.ndim)])


def reduction_number(size_average, reduce, reduction):
    """torch's number for a reduction, which may be given in the old way too."""
    if size_average is not None or reduce is not None:
        return _reduction.legacy_get_enum(size_average, reduce)
    return _reduction.get_enum(reduction)
