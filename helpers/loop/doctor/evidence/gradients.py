"""What lies in `.grad` at a moment."""

import torch

from helpers.loop.doctor.evidence.evidence import unseen
from helpers.loop.doctor.evidence.kinds import version

SMALL = 3_000_000  # elements of some tensors, up to which all of them may be copied
THERE = 1.0  # the size of a gradient whose elements cannot be read


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


def sizes(records):
    """The largest element of each gradient by number: None, 0.0, or a positive float.

    NaN and infinity stay what they are.
    """
    found, there = {}, {}
    with unseen():
        for record in records:
            parameter = record.object()
            gradient = None if parameter is None else parameter.grad
            found[record.number] = None
            if is_readable(gradient):
                there[record.number] = gradient
            elif gradient is not None:
                found[record.number] = THERE
        found.update(zip(there, largest(list(there.values())), strict=True))
    return found


def is_readable(tensor):
    """Whether it is PyTorch's, and its elements are there (not so on `meta`)."""
    return isinstance(tensor, torch.Tensor) and not tensor.is_meta


def largest(tensors):
    """The largest absolute element of each tensor; without a norm where it may copy."""
    if are_alike(tensors) and sum(each.numel() for each in tensors) <= SMALL:
        return torch.stack(torch._foreach_max(torch._foreach_abs(tensors))).tolist()
    return norms(tensors, float("inf"))


def lengths(tensors):
    """The length of each tensor, taken as one vector."""
    return norms(tensors, 2.0)


def norms(tensors, order):
    """A norm of each tensor; in one call where all are of one plain kind."""
    if are_alike(tensors):
        return torch.stack(torch._foreach_norm(tensors, order)).tolist()
    return [norm(each, order) for each in tensors]


def are_alike(tensors):
    """Whether some tensors are of one plain kind, and none of them is empty."""
    kinds = {(t.dtype, t.device, t.layout) for t in tensors}
    if len(kinds) != 1 or not all(t.numel() for t in tensors):
        return False
    dtype, _, layout = next(iter(kinds))
    return layout == torch.strided and dtype in (torch.float32, torch.float64)


def norm(tensor, order):
    """A norm of one tensor, in float64."""
    if tensor.is_sparse:
        tensor = tensor.coalesce().values()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    flat = tensor.double().flatten()
    return float(flat.norm(order)) if flat.numel() else 0.0


def zeros_in_half(records, all_of_them):
    """The share of exact zeros in gradients that went through float16, or None.

    These are gradients of that type, or all of them if a model computed in it.
    """
    count = zeros = 0
    with unseen():
        for record in records:
            parameter = record.object()
            gradient = None if parameter is None else parameter.grad
            if not is_readable(gradient) or gradient.layout != torch.strided:
                continue
            if all_of_them or gradient.dtype == torch.float16:
                count += gradient.numel()
                zeros += int((gradient == 0).sum())
    return zeros / count if count else None
