"""Embedding: rows of a table, looked up by number."""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite, derivative

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
