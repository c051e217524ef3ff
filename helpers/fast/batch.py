"""The batch of a step: tensors in tuples, lists and dicts.

With this module one can: list the tensors of a batch (`leaves_of`), put others in their
place (`rebuilt`), take a batch from a stack of them (`taken`), and call a function with
what a batch holds (`called_with`).
"""

import torch

from helpers.fast.errors import CaptureError
from helpers.optim.base.parameters import array_of, is_parameter


def leaves_of(batch):
    """The raw tensors in a batch, in order.

    >>> import torch
    >>> len(leaves_of((torch.ones(2), {"mask": torch.ones(2), "scale": 0.5})))
    2
    """
    if type(batch) is torch.Tensor:
        return [batch]
    if is_parameter(batch):
        return [array_of(batch)]
    return [leaf for part in parts_of(batch) for leaf in leaves_of(part)]


def form_of(batch):
    """What a batch is apart from its tensors, which are None: to compare it with."""
    if type(batch) is torch.Tensor or is_parameter(batch):
        return None
    if isinstance(batch, dict):
        return {name: form_of(part) for name, part in batch.items()}
    if isinstance(batch, tuple | list):
        return [type(batch), *map(form_of, batch)]
    return [batch]


def rebuilt(batch, leaves):
    """The same batch with other tensors, from an iterator."""
    if is_parameter(batch):
        return next(leaves)
    if isinstance(batch, dict):
        return {name: rebuilt(part, leaves) for name, part in batch.items()}
    if isinstance(batch, tuple | list):
        parts = [rebuilt(part, leaves) for part in batch]
        is_named = hasattr(batch, "_fields")
        return type(batch)(*parts) if is_named else type(batch)(parts)
    return batch


def parts_of(batch):
    """What stands directly in a tuple, list or dict; nothing in anything else."""
    if isinstance(batch, dict):
        return batch.values()
    return batch if isinstance(batch, tuple | list) else ()


def check_stack(leaves, steps):
    """Raise `CaptureError` unless every tensor is a stack of so many batches."""
    for leaf in leaves:
        if leaf.dim() == 0 or len(leaf) != steps:
            raise CaptureError(
                f"A tensor of shape {tuple(leaf.shape)} was given to a step that was "
                f"made with steps={steps}. Its inputs and targets are stacks of "
                f"{steps} batches, {steps} in the first dimension: stack them with "
                "torch.stack, or make a step with another number"
            )


def called_with(inputs):
    """Arguments of a model: the items of a tuple or list, those of a dict by name."""
    if isinstance(inputs, dict):
        return (), inputs
    return (tuple(inputs) if isinstance(inputs, tuple | list) else (inputs,)), {}
