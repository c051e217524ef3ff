"""Short cuts for the methods that small loops are made of.

With this module one can: have `a * b` or `a.tanh()` recorded without the general path of
`Operation` (`METHODS`). The result is the same Node. What the short cut buys: about 2 of
the 5 microseconds that an operation on four numbers takes otherwise.
"""

import torch

from helpers.autograd import derivatives  # noqa: F401 -- fills RULES
from helpers.autograd.grad_mode import is_grad_enabled
from helpers.autograd.graph import Node
from helpers.autograd.rules import RULES
from helpers.autograd.tensor import Tensor

new = object.__new__


def unary(function, operation):
    """A method of one array whose formula reads either its input or its output."""
    reads_output = operation.saves == ["out"]

    def method(self):
        raw = self.data
        made = new(Tensor)
        made.data = result = function(raw)
        edge = self.edge
        if edge is None and self._leaf_requires_grad:
            edge = self
        if edge is not None and is_grad_enabled():
            if raw.is_complex():
                return operation(function, (self,), {})
            kept = result if reads_output else raw
            depth = edge.depth + 1
            made.edge = Node(operation, (edge,), (kept,), (kept._version,), depth)
        return made

    return method


def binary(function, operation):
    """A method of two arrays, alike in shape and dtype; others take the general path.

    Each formula reads the other array, as for `mul`, or a default, as `add` does.
    """
    crossed = operation.saves == ["other", "input"]
    defaults = operation.read((0, 0), None, None, None)
    no_versions = [None] * len(defaults)

    def method(self, other, **kwargs):
        if kwargs or not isinstance(other, Tensor):
            return operation(function, (self, other), kwargs)
        left, right = self.data, other.data
        if left.shape != right.shape or left.dtype is not right.dtype:
            return operation(function, (self, other), kwargs)
        made = new(Tensor)
        made.data = function(left, right)
        if not is_grad_enabled():
            return made
        to_left, to_right = self.edge, other.edge
        if to_left is None and self._leaf_requires_grad:
            to_left = self
        if to_right is None and other._leaf_requires_grad:
            to_right = other
        if to_left is None or to_right is None or left.is_complex():
            node = operation.node(made.data, (self, other), kwargs)
        else:
            deeper = to_left if to_left.depth > to_right.depth else to_right
            saved = (right, left) if crossed else defaults
            versions = (right._version, left._version) if crossed else no_versions
            edges = (to_left, to_right)
            node = Node(operation, edges, saved, versions, deeper.depth + 1)
        if node is not None:
            made.edge = node
        return made

    return method


def short_cuts():
    """The methods of this module, by their names."""
    made = {}
    for name in UNARY:
        function = getattr(torch, name)
        made[name] = unary(function, RULES[function])
    for name in BINARY:
        function = getattr(torch, name)
        made[name] = binary(function, RULES[function])
    return made


UNARY = ("exp", "sin", "tanh", "relu")
BINARY = ("add", "sub", "mul")
METHODS = short_cuts()
