"""The gradients of the outputs that a pass starts with: given, or 1."""

import torch

from helpers.autograd.tensor.tensor import Tensor, edge_of, wrap


def as_tuple(tensors):
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


def make_grads(outputs, given, recording):
    """For each output its gradient: the one given, or 1 for an output of one element.

    Source: torch.autograd's _make_grads.
    """
    if given is None or isinstance(given, (Tensor, torch.Tensor)):
        given = [None] * len(outputs) if given is None else [given]
    given = list(given)
    for each in given:
        if each is not None and not isinstance(each, (Tensor, torch.Tensor)):
            raise TypeError(
                "gradients can be either Tensors or None, but got "
                f"{type(each).__name__}"
            )
    if len(given) != len(outputs):
        raise RuntimeError(
            f"got {len(outputs)} tensors and {len(given)} gradients; give one for "
            "each, or None"
        )
    found = [
        make_grad(place, output, each)
        for place, (output, each) in enumerate(zip(outputs, given, strict=True))
    ]
    return [as_gradient(each, recording) for each in found]


def make_grad(place, output, given):
    """The gradient to start with at one output."""
    if edge_of(output) is None:
        raise RuntimeError(
            f"element {place} of tensors does not require grad and does not have a "
            "grad_fn"
        )
    if given is None:
        if output.data.numel() != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs; this one has "
                f"shape {tuple(output.shape)}. Reduce it first, for instance with "
                ".sum(), or give a gradient of that shape"
            )
        if output.data.is_complex():
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs but got "
                f"{output.dtype}. Give a gradient, or take the real part"
            )
        return torch.ones_like(output.data)
    return check_grad(place, given, output)


def check_grad(place, given, output):
    """Refuse a gradient of another shape or device, or complex for a real output.

    What is left to differ, its dtype, is made the output's.
    """
    if given.shape != output.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{place}] has a shape of {given.shape} "
            f"and output[{place}] has a shape of {output.shape}."
        )
    if given.dtype.is_complex != output.dtype.is_complex:
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have "
            f"the same dtype. Mismatch in dtype: {given.dtype} and {output.dtype}."
        )
    if given.device != output.device and given.dim() > 0:
        raise RuntimeError(
            f"invalid gradient at index {place} - expected device {output.device} but "
            f"got {given.device}. Move it first, with .to(output.device)"
        )
    return given.to(output.device, output.dtype)


def as_gradient(given, recording):
    """In the form the engine works with: a Tensor if it records, else a raw array."""
    if recording:
        return given if isinstance(given, Tensor) else wrap(given)
    return given.data if isinstance(given, Tensor) else given
