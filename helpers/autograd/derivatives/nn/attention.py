"""Attention: values weighed by how well their keys answer a query.

On the CPU one kernel computes it in blocks, and never holds all weights at once. Where
the kernel can't be used, and for gradients of gradients, attention is spelled out.
"""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.derivatives.nn.softmax_cumulative import softmax_backward
from helpers.autograd.derivatives.reduction._reduce_utils import in_dtype
from helpers.autograd.operations.declare import composite, derivative, spelled_by_torch
from helpers.autograd.tensor.tensor import Tensor, edge_of, lowered

aten = torch.ops.aten
KERNEL = aten._scaled_dot_product_flash_attention_for_cpu.default
FLASH = 1  # torch's number of the kernel that works in blocks

# fmt: off
derivative("safe_softmax(input, dim, dtype=None)", aten._safe_softmax.default,
    input=lambda grad, input_dtype, dim, out: in_dtype(
        aten._softmax_backward_data.default(grad, out, dim, grad.dtype), input_dtype))
derivative(
    "scaled_dot_product_flash_attention_for_cpu(query, key, value, dropout_p=0.0, "
    "is_causal=False, *, attn_mask=None, scale=None)",
    KERNEL, visible_outputs=1, inputs=["query", "key", "value"],
    joint=lambda grads, query, key, value, is_causal, attn_mask, scale, out0, out1: (
        slopes_of_attention(
            grads[0], query, key, value, is_causal, attn_mask, scale, out0, out1
        )))
# fmt: on
spelled_by_torch(
    F.multi_head_attention_forward,
    _none_or_dtype=lambda mask: None if mask is None else mask.dtype,
)


@composite(F.scaled_dot_product_attention)
def attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False,
              scale=None, enable_gqa=False):  # fmt: skip
    """softmax(query @ keyᵀ / √d) @ value, by the kernel that torch would take."""
    if attn_mask is not None and is_causal:
        raise RuntimeError(
            "Explicit attn_mask should not be set when is_causal=True. Give one of both"
        )
    if enable_gqa:
        heads = query.shape[-3]
        key, value = (
            each.repeat_interleave(heads // each.shape[-3], -3) for each in (key, value)
        )
    attn_mask = as_summand(attn_mask, query.dtype)
    if runs_in_blocks(query, key, value, attn_mask, dropout_p, is_causal, scale):
        return KERNEL(
            query, key, value, 0.0, is_causal, attn_mask=attn_mask, scale=scale
        )
    return spelled_out(query, key, value, attn_mask, dropout_p, is_causal, scale)


def runs_in_blocks(query, key, value, mask, dropout_p, is_causal, scale):
    """Whether torch would take the kernel; it has no gradient for the mask."""
    if query.device.type != "cpu" or query.ndim != 4 or edge_of(mask) is not None:
        return False
    raws = [lowered(each) for each in (query, key, value, mask)]
    choice = torch._fused_sdp_choice(*raws, dropout_p, is_causal, scale=scale)
    return choice == FLASH


def spelled_out(query, key, value, mask, dropout_p, is_causal, scale):
    """Attention in products and a softmax."""
    weights = weights_of(query, key, mask, is_causal, factor_of(query, scale))
    return F.dropout(weights, dropout_p) @ value


def weights_of(query, key, mask, is_causal, scale):
    """The share of each value; 0 in rows that are masked altogether."""
    root = math.sqrt(abs(scale))
    scores = (query * math.copysign(root, scale)) @ (key * root).transpose(-2, -1)
    if is_causal:
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool, device=query.device)
        mask = as_summand(seen.tril(), query.dtype)
    if mask is None:
        return scores.softmax(-1)
    return aten._safe_softmax.default(scores + mask, -1)


def factor_of(query, scale):
    """What scores are multiplied with: unless given, 1 / √d."""
    return 1 / math.sqrt(query.shape[-1]) if scale is None else scale


def slopes_of_attention(grad, query, key, value, is_causal, mask, scale, out,
                        log_of_sum):  # fmt: skip
    """The gradients of query, key and value: torch's kernel, or what records."""
    if isinstance(grad, Tensor):
        scale = factor_of(query, scale)
        weights = weights_of(query, key, mask, is_causal, scale)
        of_weights = grad @ value.transpose(-2, -1)
        of_scores = scale * softmax_backward(of_weights, weights, -1, grad.dtype)
        return (
            of_scores @ key,
            of_scores.transpose(-2, -1) @ query,
            weights.transpose(-2, -1) @ grad,
        )
    return aten._scaled_dot_product_flash_attention_for_cpu_backward.default(
        grad, query, key, value, out, log_of_sum, 0.0, is_causal, attn_mask=mask,
        scale=scale,
    )  # fmt: skip


def as_summand(mask, dtype):
    """A mask of yes and no as 0 and -inf, which are added to the scores."""
    if mask is None or mask.dtype != torch.bool:
        return mask
    zeros = torch.zeros(mask.shape, dtype=dtype, device=mask.device)
    return zeros.masked_fill(~lowered(mask), -math.inf)
