"""What an optimizer needs of a parameter, torch's or ours.

Both kinds have `.data`, `.grad`, `.is_leaf` and `.requires_grad`; that is all.
"""

from operator import attrgetter

import torch

GRADIENT = attrgetter("grad")
PLAIN_TYPES = {torch.Tensor, torch.nn.Parameter}


def is_parameter(thing) -> bool:
    """Whether an optimizer can hold a thing: a tensor of torch's, or one around it.

    >>> is_parameter(torch.ones(2)), is_parameter(2.0), is_parameter([torch.ones(2)])
    (True, False, False)
    """
    if isinstance(thing, torch.Tensor):
        return True
    wraps = isinstance(getattr(thing, "data", None), torch.Tensor)
    return wraps and hasattr(thing, "requires_grad") and hasattr(thing, "is_leaf")


def array_of(tensor) -> torch.Tensor:
    """The array that a step changes in place.

    A tensor of torch's is its own array: reached through `.data`, a change would not
    move the version that `backward()` looks at.

    >>> weight = torch.nn.Parameter(torch.ones(2))
    >>> array_of(weight) is weight
    True
    """
    return tensor if isinstance(tensor, torch.Tensor) else tensor.data


def arrays_of(tensors) -> list[torch.Tensor]:
    """The arrays of many tensors, in order; torch's own types are told at a glance."""
    tensors = list(tensors)
    if PLAIN_TYPES.issuperset(map(type, tensors)):
        return tensors
    return [each if isinstance(each, torch.Tensor) else each.data for each in tensors]


def gradients_of(parameters) -> list[torch.Tensor]:
    """The arrays of the gradients of many parameters, each of which has one."""
    return arrays_of(map(GRADIENT, parameters))


def as_real(array: torch.Tensor) -> torch.Tensor:
    """A complex array as pairs of real numbers, in the same memory; others as they are.

    >>> as_real(torch.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    return torch.view_as_real(array) if array.is_complex() else array


def clear(gradient):
    """Fill a gradient with zeros, and cut it from the graph that made it."""
    if gradient.grad_fn is not None:
        gradient.detach_()
    else:
        gradient.requires_grad_(False)
    array_of(gradient).zero_()
