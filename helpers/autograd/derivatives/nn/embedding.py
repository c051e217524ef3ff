"""Embedding: rows of a table, looked up by number, alone or in bags."""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import (
    composite,
    derivative,
    refused,
    spelled_by_torch,
)
from helpers.autograd.tensor.tensor import lowered

aten = torch.ops.aten

derivative(
    "embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, "
    "scale_grad_by_freq=False, sparse=False)",
    F.embedding,
    weight=lambda grad, input, weight_shape, padding_idx, scale_grad_by_freq, sparse: (
        slope_of_table(
            grad, input, weight_shape[0], padding_idx, scale_grad_by_freq, sparse
        )
    ),
)
composite(torch.embedding)(
    lambda weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False: (
        F.embedding(
            indices, weight, padding_idx if padding_idx >= 0 else None,
            scale_grad_by_freq=scale_grad_by_freq, sparse=sparse,
        )
    )
)  # fmt: skip
derivative(
    "embedding_dense_backward(grad_output, indices, num_weights, padding_idx, "
    "scale_grad_by_freq)",
    aten.embedding_dense_backward.default,
    grad_output=lambda grad, indices, padding_idx, scale_grad_by_freq: looked_up(
        grad, indices, padding_idx, scale_grad_by_freq
    ),
)


def slope_of_table(grad, input, length, padding_idx, by_frequency, sparse):
    """Each row's gradient: the sum of those of its look-ups; none for the padding."""
    row = -1 if padding_idx is None else padding_idx % length
    if sparse:
        return aten.embedding_sparse_backward.default(
            grad, input, length, row, by_frequency
        )
    return aten.embedding_dense_backward.default(grad, input, length, row, by_frequency)


def looked_up(grad, indices, padding_idx, by_frequency):
    """The gradient of a look-up's gradient: another look-up."""
    if by_frequency:
        raise RuntimeError(
            "embedding_backward: double backward is not supported with "
            "scale_grad_by_freq=True; leave it False where gradients of gradients "
            "are wanted"
        )
    rows = grad.index_select(0, indices.reshape(-1)).reshape(*indices.shape, -1)
    if padding_idx < 0:
        return rows
    return rows.masked_fill((indices == padding_idx).unsqueeze(-1), 0)


# Bags: sums, means or maxima of some rows. As in torch, once differentiable.

BAGS = derivative(
    "embedding_bag(weight, indices, offsets, scale_grad_by_freq, mode, sparse, "
    "per_sample_weights, include_last_offset, padding_idx)",
    aten._embedding_bag.default,
    differentiable_outputs=(0,),
    weight=lambda grad, weight_shape, indices, offsets, scale_grad_by_freq, mode,
    sparse, per_sample_weights, padding_idx, out1, out2, out3: (
        aten._embedding_bag_backward.default(
            grad, indices, offsets, out1, out2, out3, weight_shape[0],
            scale_grad_by_freq, mode, sparse, per_sample_weights, padding_idx,
        )
    ),
    per_sample_weights=lambda grad, weight, indices, offsets, mode, padding_idx, out1: (
        aten._embedding_bag_per_sample_weights_backward.default(
            grad, weight, indices, offsets, out1, mode, padding_idx
        )
    ),
)  # fmt: skip
refused(
    "embedding_bag_backward(grad, indices, offsets, bags, sizes, maxima, length, "
    "by_frequency, mode, sparse, per_sample_weights, padding_idx)",
    aten._embedding_bag_backward.default,
)
refused(
    "embedding_bag_per_sample_weights_backward(grad, weight, indices, offsets, bags, "
    "mode, padding_idx)",
    aten._embedding_bag_per_sample_weights_backward.default,
)


@composite(torch.embedding_bag)
def embedding_bag(weight, indices, offsets, scale_grad_by_freq=False, mode=0,
                  sparse=False, per_sample_weights=None, include_last_offset=False,
                  padding_idx=None):  # fmt: skip
    """The rows of a bag in one; bags lie one after the other, from `offsets` on."""
    row = -1 if padding_idx is None else padding_idx % weight.shape[0]
    args = (
        weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
        include_last_offset, row,
    )  # fmt: skip
    return BAGS(aten._embedding_bag.default, args, {})


def renormed(weight, indices, max_norm, norm_type):
    """Shorten the rows that will be looked up, in place."""
    torch.embedding_renorm_(lowered(weight).detach(), indices, max_norm, norm_type)


spelled_by_torch(F.embedding_bag, _no_grad_embedding_renorm_=renormed)
