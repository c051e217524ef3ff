"""Gradients between `backward` and `step`: clipped, and refused if not finite."""

import math

import torch
from torch.nn.utils import get_total_norm


def gradients(optimizers):
    """The raw gradients of all parameters that have one."""
    found = []
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            found += [p.grad.data for p in group["params"] if p.grad is not None]
    return [each.coalesce().values() if each.is_sparse else each for each in found]


def clip(found, most, norm):
    """Shorten gradients, all by one factor, to a common length of at most `most`."""
    factor = (most / (norm + 1e-6)).clamp(max=1.0)
    for gradient in found:
        gradient.mul_(factor.to(gradient.device))


def length(found):
    """The common length of gradients, a 0-d tensor."""
    return get_total_norm(found)


def is_finite(value):
    """Whether a number, or all of a tensor, is finite."""
    if isinstance(value, torch.Tensor):
        return bool(torch.isfinite(value).all())
    return math.isfinite(value)


def first_cause(model, inputs):
    """Say what of a batch isn't finite, the earliest cause first; and what to do."""
    if not is_finite(inputs.data):
        return "the inputs of this batch are not finite", "mend the data"
    named = list(model.named_parameters())
    for name, parameter in named:
        if not is_finite(parameter.data):
            return (
                f"the parameter {name} is not finite, since an earlier step",
                "begin again with a lower rate, or with clip_norm",
            )
    bad = [n for n, p in named if p.grad is not None and not is_finite(p.grad.data)]
    if bad:
        return (
            f"the gradient of {bad[0]} is the first of {len(bad)} that are not finite",
            "look at what this batch meets there (log or sqrt of 0, a division by 0)",
        )
    return (
        "inputs, parameters and gradients are finite",
        "look at the targets and the criterion",
    )
