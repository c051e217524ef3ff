"""What lies in `.grad` at a moment."""

import torch

from helpers.loop.doctor.evidence.evidence import unseen


def marks(records):
    """Identity and version of each gradient: by number, or None where there is none.

    Equal marks mean that the gradient was neither replaced nor written to.
    """
    found = {}
    for record in records:
        parameter = record.object()
        gradient = None if parameter is None else parameter.grad
        found[record.number] = (
            None if gradient is None else (id(gradient), version(gradient))
        )
    return found


def version(tensor):
    """How often a tensor was written to; -1 for one that doesn't count."""
    if isinstance(tensor, torch.Tensor) and not tensor.is_inference():
        return tensor._version
    return -1


def sizes(records):
    """The length of each gradient by number: None, 0.0 for zeros, or a positive float.

    NaN and infinity stay what they are.
    """
    found = {}
    with unseen():
        for record in records:
            parameter = record.object()
            gradient = None if parameter is None else parameter.grad
            found[record.number] = None if gradient is None else length(gradient)
    return found


def length(tensor):
    """The length of a tensor as one vector, summed in float64."""
    raw = tensor.data if not isinstance(tensor, torch.Tensor) else tensor.detach()
    if raw.is_sparse:
        raw = raw.coalesce().values()
    if raw.is_complex():
        raw = torch.view_as_real(raw)
    return float(raw.double().norm())


def zeros_in_half(records):
    """The share of exact zeros in all float16 gradients; None if there are none."""
    count = zeros = 0
    with unseen():
        for record in records:
            parameter = record.object()
            gradient = None if parameter is None else parameter.grad
            if gradient is not None and gradient.dtype == torch.float16:
                count += gradient.numel()
                zeros += int((gradient == 0).sum())
    return zeros / count if count else None
