"""Tensor: a raw torch tensor, and its place in a graph."""

from helpers.autograd.tensor.tensor import Tensor, tensor

__all__ = ["Tensor", "tensor"]
