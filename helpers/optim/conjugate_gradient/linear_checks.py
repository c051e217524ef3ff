"""What `linear_conjugate_gradient` refuses, and what to do instead."""

import math

import torch

from helpers.optim.base.parameters import array_of


def check_function(name, function):
    """Raise `TypeError` for what can't be called."""
    if not callable(function):
        raise TypeError(
            f"{name} = {function!r} of type {type(function).__name__} can't be called. "
            "It is a function from a tensor to a tensor: pass matrix.mv, say"
        )


def checked_vector(name, value, like=None):
    """The array of a tensor, without history; of the shape and dtype of `like`.

    Raises `TypeError` for what is no real floating-point tensor or of another dtype,
    `ValueError` for another shape.
    """
    array = array_of(value).detach() if hasattr(value, "data") else value
    if not isinstance(array, torch.Tensor) or not array.is_floating_point():
        kind = getattr(array, "dtype", type(value).__name__)
        raise TypeError(
            f"{name} is of type {kind}; allowed is a tensor of real floating-point "
            "numbers: convert it with torch.tensor(...) or .float()"
        )
    if like is not None:
        check_same_form(name, array, like)
    return array


def check_same_form(name, array, b):
    """Raise `ValueError` or `TypeError` unless a tensor has b's shape and dtype."""
    if array.shape != b.shape:
        raise ValueError(
            f"{name} has shape {tuple(array.shape)}; allowed is the shape of b, "
            f"{tuple(b.shape)}: give it that shape, with .reshape(...)"
        )
    if array.dtype != b.dtype:
        raise TypeError(
            f"{name} is of dtype {array.dtype}; allowed is that of b, {b.dtype}: "
            "convert one of them, with .to(...)"
        )


def check_limits(tolerance, max_iter):
    """Raise `TypeError` or `ValueError` for numbers that make no sense."""
    if not isinstance(tolerance, (int, float)) or not 0 <= tolerance < math.inf:
        raise ValueError(
            f"tolerance = {tolerance!r}; allowed is a finite number from 0 up: set "
            "tolerance=1e-5"
        )
    if isinstance(max_iter, bool) or not isinstance(max_iter, int) or max_iter < 1:
        raise ValueError(
            f"max_iter = {max_iter!r}; allowed is an integer from 1 up: set "
            "max_iter=100, or leave it out"
        )
