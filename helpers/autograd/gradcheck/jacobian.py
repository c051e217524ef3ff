"""Jacobians of a function at a point: by finite differences, and by backward.

A Jacobian here has a row for each number of the input and a column for each number of
the output. A complex output is taken as two real functions, its real and its imaginary
part; for a complex input an entry is d/dx + i d/dy, as in torch.
"""

import numpy as np
import torch

from helpers.autograd.engine.engine import grad
from helpers.autograd.tensor.tensor import Tensor, wrap


def differentiable(values):
    """The Tensors among `values`, or `values` itself, that require grad."""
    sequence = values if isinstance(values, (tuple, list)) else (values,)
    return [v for v in sequence if isinstance(v, Tensor) and v.requires_grad]


def numerical_jacobians(function, inputs, which, eps, imaginary=False):
    """The measured Jacobians of all outputs of `function` for one input.

    Args:
        function: takes `inputs`, a tuple; returns a list of Tensors.
        which: the position of the input.
        eps: the step: entries are (f(x + eps) - f(x - eps)) / (2 eps).
        imaginary: take the imaginary part of complex outputs, not the real one.
    """
    data = inputs[which].data
    directions = [1, 1j] if data.dtype.is_complex else [1]
    rows = []
    for place in np.ndindex(*data.shape):
        slopes = [
            slope(function, inputs, which, one_at(data, place, direction), eps)
            for direction in directions
        ]
        rows.append([joined(pair, imaginary) for pair in zip(*slopes, strict=True)])
    return [torch.stack(column) for column in zip(*rows, strict=True)]


def slope(function, inputs, which, direction, eps):
    """How each output changes along `direction`, by central differences."""
    ahead = arrays_of(function(*moved(inputs, which, eps * direction)))
    behind = arrays_of(function(*moved(inputs, which, -eps * direction)))
    for a, b in zip(ahead, behind, strict=True):
        check_alike(a, b, eps)
    return [(a - b) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]


def check_alike(ahead, behind, eps):
    """AssertionError, as torch's, if the form of an output depends on the values."""
    for what in ("shape", "dtype"):
        a, b = getattr(ahead, what), getattr(behind, what)
        if a != b:
            raise AssertionError(
                f"Expected `func` to return outputs with the same {what} when inputs "
                f"are perturbed by {eps}, but got: {what}s {a} and {b}."
            )


def moved(inputs, which, step):
    """Copies of all inputs, so that `function` may change them; one is moved."""
    copies = [copied(each) for each in inputs]
    copies[which].data += step
    return copies


def copied(value):
    """A leaf with the same numbers; what is no Tensor of ours, as it is."""
    if not isinstance(value, Tensor):
        return value
    return Tensor(value.data.clone(), requires_grad=value.requires_grad)


def joined(slopes, imaginary):
    """One row: the slopes along the real and, if there is one, the imaginary axis."""
    parts = [real_or_imaginary(each, imaginary).reshape(-1) for each in slopes]
    return torch.complex(*parts) if len(parts) == 2 else parts[0]


def real_or_imaginary(array, imaginary):
    """A part of a complex array; a real one is its own real part."""
    if not array.is_complex():
        return array
    return array.imag if imaginary else array.real


def one_at(data, place, value):
    """Zeros like `data`, but for one number."""
    array = torch.zeros_like(data)
    array[place] = value
    return array


def arrays_of(tensors):
    """Raw arrays, detached from the memory of what may change."""
    return [each.data.clone() for each in tensors]


def analytical_jacobian(output, inputs, imaginary=False):
    """For each of `inputs` the Jacobian of one output, and the gradients it is made of.

    Returns two lists: the Jacobians; and one with a tuple of gradients, Tensors or
    None, for each number of the output.
    """
    gradients = [
        grad(output, inputs, wrap(one_at(output.data, place, 1j if imaginary else 1)),
             retain_graph=True, allow_unused=True)
        for place in np.ndindex(*output.shape)
    ]  # fmt: skip
    jacobians = [
        each.data.new_zeros(each.data.numel(), output.data.numel()) for each in inputs
    ]
    for column, row in enumerate(gradients):
        for jacobian, each in zip(jacobians, row, strict=True):
            if each is not None and each.data.numel() == len(jacobian):
                jacobian[:, column] = each.data.reshape(-1)
    return jacobians, gradients
