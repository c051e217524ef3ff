"""The gradients that backward starts with.

With this module one can: take one tensor or several alike (`sequence_of`), and find or
check what to start with at each (`first_gradients`).
"""

import torch

from helpers.autograd.tensor.tensor import Tensor, wrap


def sequence_of(tensors):
    """One tensor, or a sequence of them, as a tuple."""
    if isinstance(tensors, Tensor):
        return (tensors,)
    tensors = tuple(tensors)
    for each in tensors:
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensors of helpers.autograd, got {type(each).__name__}"
            )
    return tensors


def inputs_of(tensors, name):
    """The tensors whose gradients a function of the engine is asked for.

    RuntimeError if there is none.
    """
    inputs = sequence_of(tensors)
    if not inputs:
        raise RuntimeError(
            f"`inputs` argument to `{name}()` cannot be empty; give at least one Tensor"
        )
    return inputs


def first_gradients(roots, given, recording):
    """For each root the gradient to start with: the one given, or 1 for one element."""
    if given is None or isinstance(given, (Tensor, torch.Tensor)):
        given = [None] * len(roots) if given is None else [given]
    given = list(given)
    for each in given:
        if each is not None and not isinstance(each, (Tensor, torch.Tensor)):
            raise TypeError(
                "gradients can be either Tensors or None, but got "
                f"{type(each).__name__}"
            )
    if len(given) != len(roots):
        raise RuntimeError(
            f"got {len(roots)} tensors and {len(given)} gradients; give one for each, "
            "or None"
        )
    found = [
        first_gradient(place, root, each)
        for place, (root, each) in enumerate(zip(roots, given, strict=True))
    ]
    return [as_gradient(each, recording) for each in found]


def first_gradient(place, root, given):
    """The gradient to start with at one root."""
    if not root.requires_grad:
        raise RuntimeError(
            f"element {place} of tensors does not require grad and does not have a "
            "grad_fn"
        )
    if given is None:
        if root.data.numel() != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs; this one has "
                f"shape {tuple(root.shape)}. Reduce it first, for instance with "
                ".sum(), or give a gradient of that shape"
            )
        if root.data.is_complex():
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs but got "
                f"{root.dtype}. Give a gradient, or take the real part"
            )
        return torch.ones_like(root.data)
    return checked(place, given, root)


def checked(place, given, root):
    """Refuse a gradient of another shape or device, or complex for a real root."""
    if given.shape != root.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{place}] has a shape of {given.shape} "
            f"and output[{place}] has a shape of {root.shape}."
        )
    if given.dtype.is_complex != root.dtype.is_complex:
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have "
            f"the same dtype. Mismatch in dtype: {given.dtype} and {root.dtype}."
        )
    if given.device != root.device and given.dim() > 0:
        raise RuntimeError(
            f"invalid gradient at index {place} - expected device {root.device} but "
            f"got {given.device}. Move it first, with .to(output.device)"
        )
    return given.to(root.device, root.dtype)


def as_gradient(given, recording):
    """In the form the engine works with: a Tensor if it records, else a raw array."""
    if recording:
        return given if isinstance(given, Tensor) else wrap(given)
    return given.data if isinstance(given, Tensor) else given
