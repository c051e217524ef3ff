"""Checks on assigning `.data`."""

import torch

from helpers.autograd.tensor.array import ArrayLike


def raw_for(tensor, value):
    """The raw array that a tensor will hold, given what is assigned to its `.data`.

    TypeError for what is no tensor; RuntimeError for integers, if it requires grad, and
    for a sparse array in the place of a dense one, or the other way round.
    """
    if isinstance(value, ArrayLike):
        value = value.data
    if not isinstance(value, torch.Tensor):
        raise TypeError(
            f"Variable data has to be a tensor, but got {type(value).__name__}"
        )
    if tensor.requires_grad and not (value.is_floating_point() or value.is_complex()):
        raise RuntimeError(
            "data set to a tensor that requires gradients must be floating point or "
            f"complex dtype; got {value.dtype}. Convert it first, with .to()"
        )
    if value.layout != tensor.layout:
        raise RuntimeError(
            "Attempted to call `variable.set_data(tensor)`, but `variable` and "
            f"`tensor` have incompatible tensor type: {tensor.layout} and "
            f"{value.layout}. Make a new tensor"
        )
    return value.detach() if value.requires_grad else value
