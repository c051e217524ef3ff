"""Products and lengths of vectors, to the ends of all numbers.

With this module one can
- multiply two vectors (`dot`), and take a length (`norm`), as Python numbers,
- ask for the largest entry (`largest`), and for a first step (`first_length`),
- find a power of two near a number (`power_of_two`).

Squares leave the range of a dtype long before its numbers do: float32 has no square of
2e19 or of 1e-23. Where that happens, and nowhere else, vectors are brought to length 1
and summed in float64.
"""

import math

import torch


def dot(first, second) -> float:
    """The sum of the products of two flat vectors, a Python number.

    >>> wide = torch.tensor([3e20, 4e20])
    >>> wide.dot(wide).item(), round(dot(wide, wide) / 1e40, 4)
    (inf, 25.0)
    """
    value = first.dot(second).item()
    if least_sure(first.dtype) <= abs(value) < math.inf:
        return value
    size, other = largest(first), largest(second)
    product = size * other
    cancels = math.isfinite(value) and product >= least_sure(first.dtype)
    if cancels or not 0 < product < math.inf:
        return value
    return (first.double() / size).dot(second.double() / other).item() * product


def norm(vector) -> float:
    """The Euclidean length of a tensor, a Python number.

    >>> norm(torch.tensor([3e-30, 4e-30])) > 4.9e-30
    True
    """
    value = torch.linalg.vector_norm(vector).item()
    if least_sure(vector.dtype) <= value * value < torch.finfo(vector.dtype).max:
        return value
    size = largest(vector)
    if not 0 < size < math.inf:
        return value
    return torch.linalg.vector_norm(vector.double() / size).item() * size


def largest(vector) -> float:
    """The largest absolute value in a vector; NaN if one is in it, 0 if it is empty."""
    if not vector.numel():
        return 0.0
    low, high = torch.aminmax(vector)  # one pass, where abs().max() makes two
    return torch.maximum(-low, high).item()


def first_length(gradient) -> float:
    """min(1, 1 / sum(|g|)): the first step along a gradient that is not 0.

    >>> first_length(torch.tensor([3.0, 1.0])), first_length(torch.tensor([0.5]))
    (0.25, 1.0)
    """
    total = gradient.abs().sum().item()
    if total < math.inf:
        return min(1.0, 1.0 / total)
    size = largest(gradient)
    return 1.0 / size / (gradient.double() / size).abs().sum().item()


def power_of_two(number) -> float:
    """The power of two just above a positive number, within what can be inverted.

    >>> power_of_two(5.0), power_of_two(0.25)
    (8.0, 0.5)
    """
    return 2.0 ** min(max(math.frexp(number)[1], -1000), 1000)


def least_sure(dtype) -> float:
    """The least sum of products none of which rounding below all numbers can spoil."""
    info = torch.finfo(dtype)
    return info.smallest_normal / info.eps
