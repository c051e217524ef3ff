"""Checks on assigning `.grad`, and the non-leaf warning."""

from helpers.autograd.tensor.array import ArrayLike

NON_LEAF_GRAD = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its "
    ".grad attribute won't be populated during backward(). If you want it, call "
    ".retain_grad() on the non-leaf Tensor before backward(); if you meant a leaf, "
    "look at that one's .grad"
)


def check_gradient(tensor, value):
    """Refuse a `.grad` that does not fit its tensor, as torch does.

    TypeError for what is no Tensor; RuntimeError for the tensor itself, or one of
    another shape, dtype or device.
    """
    if not isinstance(value, ArrayLike):
        raise TypeError(
            f"assigned grad is a {type(value).__name__}; expected a Tensor or None"
        )
    if value is tensor:
        raise RuntimeError("can't assign Variable as its own grad")
    if value.shape != tensor.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(value.shape)}' to a "
            f"tensor of size '{list(tensor.shape)}'. Please ensure that the gradient "
            "and the tensor are the same size"
        )
    for name in ("dtype", "device"):
        given, allowed = getattr(value, name), getattr(tensor, name)
        if given != allowed:
            raise RuntimeError(
                f"attempting to assign a gradient with {name} '{given}' to a tensor "
                f"with {name} '{allowed}'. Convert the gradient first, with .to(tensor)"
            )
