"""Losses of margins, of pairs and triplets, and of sequences that are not aligned."""

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.losses.functional import reduced
from helpers.autograd.operations.declare import (
    composite,
    derivative,
    refused,
    spelled_by_torch,
)
from helpers.autograd.tensor.tensor import lowered

aten = torch.ops.aten
nn = torch._C._nn

# fmt: off
derivative("multi_margin_loss(input, target, p, margin, weight, reduction)",
    nn.multi_margin_loss,
    input=lambda grad, input, target, p, margin, weight, reduction: (
        aten.multi_margin_loss_backward.default(
            grad, input, target, p, margin, weight, reduction)))
derivative("multilabel_margin_loss(input, target, reduction)",
    aten.multilabel_margin_loss_forward.default, visible_outputs=1,
    node_name="MultilabelMarginLossBackward0",
    input=lambda grads, input, target, reduction, out1: (
        aten.multilabel_margin_loss_backward.default(
            grads[0], input, target, reduction, out1)))
derivative("ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, "
    "zero_infinity)",
    aten._ctc_loss.default, visible_outputs=1,
    log_probs=lambda grads, log_probs, targets, input_lengths, target_lengths, blank,
    zero_infinity, out0, out1: aten._ctc_loss_backward.default(
        grads[0], log_probs, targets, input_lengths, target_lengths, out0, out1, blank,
        zero_infinity))
# fmt: on

# As in torch, these have no second derivative.
refused(
    "multi_margin_loss_backward(grad, input, target, p, margin, weight, reduction)",
    aten.multi_margin_loss_backward.default,
)
refused(
    "multilabel_margin_loss_backward(grad, input, target, reduction, is_target)",
    aten.multilabel_margin_loss_backward.default,
)
refused(
    "ctc_loss_backward(grad, log_probs, targets, input_lengths, target_lengths, loss, "
    "log_alpha, blank, zero_infinity)",
    aten._ctc_loss_backward.default,
)

composite(nn.multilabel_margin_loss)(aten.multilabel_margin_loss_forward.default)
spelled_by_torch(
    F.multi_margin_loss, F.multilabel_margin_loss, F.multilabel_soft_margin_loss,
    F.triplet_margin_loss, F.triplet_margin_with_distance_loss, F.cosine_embedding_loss,
    F.ctc_loss,
)  # fmt: skip


@composite(torch.ctc_loss)
def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction=1,
             zero_infinity=False):  # fmt: skip
    """The negative log-likelihood of labels, over all ways to align them."""
    input_lengths, target_lengths = (
        lowered(each).tolist() if isinstance(each, torch.Tensor) else list(each)
        for each in (input_lengths, target_lengths)
    )
    is_single = log_probs.ndim == 2
    if is_single:
        log_probs = log_probs.unsqueeze(1)
    losses = aten._ctc_loss.default(
        log_probs, targets, input_lengths, target_lengths, blank, zero_infinity
    )
    if zero_infinity:
        losses = losses.masked_fill(losses.detach().isinf(), 0)
    if reduction == 1:
        counts = torch.tensor(target_lengths, device=log_probs.device).clamp_min(1)
        return (losses / counts).mean()
    return losses.squeeze(0) if is_single and reduction == 0 else reduced(
        losses, reduction)  # fmt: skip


@composite(torch.triplet_margin_loss)
def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6,
                        swap=False, reduction=1):  # fmt: skip
    """What a foreign point lacks to be farther by the margin than a related one."""
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same "
            f"number of dimensions, but got: anchor {anchor.ndim}D, positive "
            f"{positive.ndim}D, and negative {negative.ndim}D inputs"
        )
    near = torch.pairwise_distance(anchor, positive, p, eps)
    far = torch.pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = torch.minimum(far, torch.pairwise_distance(positive, negative, p, eps))
    return reduced((margin + near - far).clamp_min(0), reduction)


@composite(torch.cosine_embedding_loss)
def cosine_embedding_loss(input1, input2, target, margin=0.0, reduction=1):
    """1 less the cosine for pairs that belong together; else the cosine past a margin.

    Source: torch's, with its 1e-12 in the place of a check for the length 0.
    """
    if target.ndim + 1 not in (input1.ndim, input2.ndim):
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {target.ndim + 1}D input tensors, "
            f"but found inputs with sizes {list(input1.shape)} and "
            f"{list(input2.shape)}"
        )
    squares = [(each * each).sum(-1) + 1e-12 for each in (input1, input2)]
    cosine = (input1 * input2).sum(-1) / (squares[0] * squares[1]).sqrt()
    together = (1 - cosine).masked_fill(target != 1, 0)
    apart = (cosine - margin).clamp_min(0).masked_fill(target != -1, 0)
    return reduced(together + apart, reduction)
