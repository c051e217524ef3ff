"""Clipping: gradients that are too large are made smaller, before the step.

Both functions change the gradients in place, of our Parameters and of torch's.
"""

import warnings

import torch

from helpers.autograd import Tensor, no_grad

NOT_FINITE = (
    "The total norm of order {} for gradients from `parameters` is non-finite ({}), so "
    "it cannot be clipped. Look for the loss that is not finite, or pass "
    "error_if_nonfinite=False to scale by it anyway"
)
RELEASED = (
    "No gradient is left to clip: gradient_release stepped with each inside backward, "
    "and freed it, so the norm of all together is never known. Clip each by its own in "
    "gradient_release(before_step=...), or train without gradient_release"
)


@no_grad()
def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False):
    """Scale all gradients by one factor, so that together they are no longer.

    Args:
        parameters: tensors, such as `module.parameters()`, or one. Those without a
            gradient are left out.
        max_norm: the length that all gradients, as one vector, may have.
        norm_type: the p of that norm; infinity for the largest element.
        error_if_nonfinite: whether a length that is no number is an error.

    Returns: the length before, a raw torch tensor without dimensions.

    Raises: RuntimeError if asked to, for a length that is infinite or nan; and for
    gradients that helpers.fast.gradient_release has freed, whose length nobody knows.

    >>> weight = torch.ones(1, requires_grad=True)
    >>> (3 * weight).backward()
    >>> clip_grad_norm_(weight, 1.0)
    tensor(3.)
    >>> weight.grad
    tensor([1.0000])

    Source: torch.nn.utils, Pascanu et al. (2013). Built in chapter 08.
    """
    grads, norm_type = gradients_of(parameters), float(norm_type)
    if not grads:
        return torch.tensor(0.0)
    home = grads[0].device
    norms = [torch.linalg.vector_norm(grad, norm_type).to(home) for grad in grads]
    total = torch.linalg.vector_norm(torch.stack(norms), norm_type)
    if error_if_nonfinite and not total.isfinite():
        raise RuntimeError(NOT_FINITE.format(norm_type, total.item()))
    factor = (float(max_norm) / (total + 1e-6)).clamp(max=1.0)
    for grad in grads:
        grad.mul_(factor.to(grad.device))
    return total


@no_grad()
def clip_grad_value_(parameters, clip_value):
    """Cut each element of the gradients to -clip_value .. clip_value.

    Args:
        parameters: tensors, such as `module.parameters()`, or one.
        clip_value: the size that an element may have, 0 or more.

    Source: torch.nn.utils. Built in chapter 08.
    """
    bound = float(clip_value)
    for grad in gradients_of(parameters):
        grad.clamp_(-bound, bound)


def gradients_of(parameters):
    """The raw gradients that are there; warns of a generator that is used up."""
    if isinstance(parameters, Tensor | torch.Tensor):
        parameters = [parameters]
    listed = list(parameters)
    if not listed and not isinstance(parameters, list | tuple):
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur. Call "
            "module.parameters() anew for each use",
            stacklevel=4,
        )
    grads = [each.grad for each in listed if each.grad is not None]
    if not grads and any(hasattr(each, "_gradient_released") for each in listed):
        raise RuntimeError(RELEASED)
    return [each.data if isinstance(each, Tensor) else each for each in grads]
