"""Function: an operation of one's own, with its derivative."""

from helpers.autograd.function.function import Function, once_differentiable

__all__ = ["Function", "once_differentiable"]
