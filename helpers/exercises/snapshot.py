"""Copies of results and inputs, in plain types that no learner's code can disturb.

With this module one can
- copy any nested result for comparing and showing (snapshot),
- recognise what such a copy stands for (Numbered, Holding, Opaque, Raised),
- look for a left-over `...` in it (holds_ellipsis).
"""

import types
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

MOST_ITEMS = 100_000
MOST_LEVELS = 40


@dataclass(frozen=True)
class Numbered:
    """A number or tensor that carries a gradient: `Value`, or a tensor with `.grad`.

    >>> Numbered("Value", 1.0, None).data
    1.0
    """

    kind: str
    data: Any
    grad: Any


@dataclass(frozen=True)
class Holding:
    """A module of class `kind`, with its parameters and buffers by name.

    >>> snapshot(torch.nn.Identity())
    Holding(kind='Identity', tensors={})
    """

    kind: str
    tensors: dict


@dataclass(frozen=True)
class Opaque:
    """Something that can be named but not compared: `words` say what it is.

    >>> snapshot(len)
    Opaque(words='the function len')
    """

    words: str


@dataclass(frozen=True)
class Raised:
    """An exception: its class, the first line of its message, the line it came from.

    >>> Raised(ValueError, "no root", "return root(x)").kind.__name__
    'ValueError'
    """

    kind: type
    message: str
    line: str


def snapshot(value, with_gradients=False):
    """Copy a nested value: later changes to it do not reach the copy.

    Numbers, text, None, tensors, arrays, tuples, lists, dicts and sets stay what they
    are (tensors go to the CPU); an object with `.data` and `.grad` becomes `Numbered`,
    a module becomes `Holding` with its tensors, everything else `Opaque`. With
    `with_gradients` a tensor that has a `.grad` becomes `Numbered` too. Used on every
    case of a check.

    >>> snapshot([1, (2.0, None)])
    [1, (2.0, None)]
    """
    return _Copier(with_gradients).copy(value, 0)


def holds_ellipsis(copied):
    """Tell whether a snapshot is `...` or holds it at any depth.

    >>> holds_ellipsis((1, [...]))
    True
    """
    if isinstance(copied, Numbered):
        return holds_ellipsis((copied.data, copied.grad))
    if isinstance(copied, dict):
        return holds_ellipsis(tuple(copied.values()))
    if isinstance(copied, (tuple, list, frozenset)):
        return any(holds_ellipsis(item) for item in copied)
    return copied is Ellipsis


class _Copier:
    """One walk through a nested value, with a limit on depth and on items."""

    def __init__(self, with_gradients):
        self.with_gradients = with_gradients
        self.items = 0

    def copy(self, value, level):
        self.items += 1
        if value is Ellipsis or type(value) in _PLAIN:
            return value
        for kinds, method in _METHODS:
            if isinstance(value, kinds):
                return method(self, value, level)
        if hasattr(value, "data") and _has_grad(value):
            return self.numbered(value, level)
        return Opaque(_words(value))

    def too_much(self, value, level):
        return level > MOST_LEVELS or self.items + len(value) > MOST_ITEMS

    def sequence(self, value, level):
        if self.too_much(value, level):
            return Opaque(f"a {type(value).__name__} too large to compare")
        copies = [self.copy(item, level + 1) for item in value]
        return copies if isinstance(value, list) else tuple(copies)

    def dictionary(self, value, level):
        if self.too_much(value, level):
            return Opaque("a dict too large to compare")
        return {
            _key(key): self.copy(item, level + 1) for key, item in list(value.items())
        }

    def set(self, value, level):
        if self.too_much(value, level):
            return Opaque("a set too large to compare")
        return frozenset(_key(self.copy(item, level + 1)) for item in value)

    def module(self, value, level):
        tensors = dict(value.state_dict(keep_vars=True))
        return Holding(type(value).__name__, self.copy(tensors, level + 1))

    def numbered(self, value, level):
        data = self.copy(value.data, level + 1)
        gradient = value.grad if _keeps_grad(value) else None
        return Numbered(type(value).__name__, data, self.copy(gradient, level + 1))

    def tensor(self, value, level):
        if value.device.type == "meta" or level > MOST_LEVELS:
            return Opaque("a tensor without data")
        dense = value.detach() if value.layout == torch.strided else value.to_dense()
        data = dense.detach().to("cpu", copy=True)
        if not (self.with_gradients and value.is_leaf and value.grad is not None):
            return data
        return Numbered("tensor", data, self.copy(value.grad, level + 1))

    def array(self, value, level):
        return value.copy() if value.dtype.kind in "biufc" else Opaque("an array")

    def number(self, value, level):
        return value.item() if isinstance(value, np.generic) else _plain_number(value)


def _plain_number(value):
    """A number of Python's own type, for subclasses of it too."""
    kind = next(k for k in (bool, int, float, complex, str) if isinstance(value, k))
    return str.__str__(value) if kind is str else kind(value)


def _key(value):
    """A dict's key or set's member as something that compares safely."""
    simple = type(value) in (str, int, float, bool, complex, tuple, type(None))
    return value if simple else _words(value)


def _words(value):
    """Say what an object is that is not compared."""
    if isinstance(value, types.GeneratorType):
        return "a generator"
    if isinstance(value, types.MethodType):
        return "a method"
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        public = value.__name__[:1].isalpha()
        return f"the function {value.__name__}" if public else "a function"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return f"an object of class {type(value).__name__}"


_PLAIN = {type(None), bool, int, float, complex, str}
_METHODS = (
    ((bool, int, float, complex, str, np.generic), _Copier.number),
    (torch.Tensor, _Copier.tensor),
    (np.ndarray, _Copier.array),
    ((list, tuple, torch.Size), _Copier.sequence),
    (dict, _Copier.dictionary),
    ((set, frozenset), _Copier.set),
    (torch.nn.Module, _Copier.module),
)


def _has_grad(value):
    """Whether there is a `grad`; a property is not asked, since it may warn."""
    return hasattr(type(value), "grad") or hasattr(value, "grad")


def _keeps_grad(value):
    """Whether `grad` may be read without a warning: not in the middle of a graph."""
    return getattr(value, "is_leaf", True) or getattr(value, "retains_grad", False)
