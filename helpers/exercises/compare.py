"""The first place where two results differ.

With this module one can
- compare two snapshots within a tolerance (difference),
- read where and how they differ (Difference),
- name the kind of a result in words (kind_of).

A number is not a tensor of one element, and True is not 1; but 2 equals 2.0, NaN equals
NaN, and a list equals a tuple of the same items.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from helpers.exercises.snapshot import Holding, Numbered, Opaque, Raised

SHOWN_WHOLE = 16  # a tensor of more elements is shown by its first wrong element

_KINDS = (
    (bool, "truth value"),
    ((int, float, complex), "number"),
    (str, "text"),
    (type(None), "None"),
    ((tuple, list), "sequence"),
    (dict, "dict"),
    (frozenset, "set"),
    (torch.Tensor, "tensor"),
    (np.ndarray, "array"),
    (Numbered, "value"),
    (Holding, "module"),
    (Opaque, "opaque"),
    (Raised, "exception"),
)


@dataclass(frozen=True)
class Difference:
    """The first difference of two results.

    `kind` is "type", "value" or "raised"; `path` says where in the result, such as
    "[0]", or is empty; `got` and `expected` are the two snapshots there.

    >>> difference((1.0, 2.0), (1.0, 3.0), 1e-9).path
    '[1]'
    """

    kind: str
    path: str
    got: Any
    expected: Any


def kind_of(copied):
    """Name the kind of a snapshot: "number", "tensor", "sequence", ...

    >>> kind_of(True), kind_of(1.5)
    ('truth value', 'number')
    """
    return next((name for kinds, name in _KINDS if isinstance(copied, kinds)), "opaque")


def difference(got, expected, tolerance, path=""):
    """Give the first `Difference` of two snapshots, or None if they agree.

    `tolerance` is relative to `expected` and absolute, 0 or more. Exceptions agree if
    their classes are the same.

    >>> difference([1, 2.0], (1.0, 2), 1e-9) is None
    True
    """
    kind = kind_of(expected)
    if isinstance(got, Raised) and kind != "exception":
        return Difference("raised", path, got, expected)
    if kind_of(got) != kind:
        sort = "value" if kind == "exception" else "type"
        return Difference(sort, path, got, expected)
    return _RULES.get(kind, _same)(got, expected, tolerance, path)


def _same(got, expected, tolerance, path):
    equal = type(got) is type(expected) and got == expected
    return None if equal else Difference("value", path, got, expected)


def _numbers(got, expected, tolerance, path):
    close = _close(got, expected, tolerance)
    return None if close else Difference("value", path, got, expected)


def _close(got, expected, tolerance):
    if got == expected or (got != got and expected != expected):
        return True
    try:
        return abs(got - expected) <= tolerance * (1 + min(abs(expected), 1e300))
    except OverflowError:  # an integer beyond every float
        return False


def _exceptions(got, expected, tolerance, path):
    same = got.kind is expected.kind
    return None if same else Difference("raised", path, got, expected)


def _sequences(got, expected, tolerance, path):
    if len(got) != len(expected):
        return Difference("type", path, got, expected)
    pairs = enumerate(zip(got, expected, strict=True))
    found = (difference(g, e, tolerance, f"{path}[{i}]") for i, (g, e) in pairs)
    return next(filter(None, found), None)


def _dicts(got, expected, tolerance, path):
    if got.keys() != expected.keys():
        return Difference("value", path, got, expected)
    found = (
        difference(got[key], expected[key], tolerance, f"{path}[{key!r}]")
        for key in expected
    )
    return next(filter(None, found), None)


def _values(got, expected, tolerance, path):
    parts = ("data", "grad")
    found = (
        difference(getattr(got, p), getattr(expected, p), tolerance, f"{path}.{p}")
        for p in parts
    )
    first = next(filter(None, found), None)
    return first and Difference(first.kind, path, got, expected)


def _modules(got, expected, tolerance, path):
    return difference(got.tensors, expected.tensors, tolerance, path)


def _arrays(got, expected, tolerance, path):
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return Difference("type", path, got, expected)
    as_tensors = torch.from_numpy(np.array(got)), torch.from_numpy(np.array(expected))
    found = _tensors(*as_tensors, tolerance, path)
    whole = found and found.path == path
    return Difference("value", path, got, expected) if whole else found


def _tensors(got, expected, tolerance, path):
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return Difference("type", path, got, expected)
    wrong = ~_elements_close(got, expected, tolerance)
    if not wrong.any():
        return None
    if got.numel() <= SHOWN_WHOLE:
        return Difference("value", path, got, expected)
    place = tuple(wrong.nonzero()[0].tolist())
    where = f"{path}[{', '.join(map(str, place))}]"
    return Difference("value", where, got[place].item(), expected[place].item())


def _elements_close(got, expected, tolerance):
    """Which elements agree; float dtypes get at least ten of their roundings."""
    if not got.dtype.is_floating_point and not got.dtype.is_complex:
        return got == expected
    if tolerance > 0:
        tolerance = max(tolerance, 10 * torch.finfo(got.dtype).eps)
    wide = torch.complex128 if got.dtype.is_complex else torch.float64
    return torch.isclose(
        got.to(wide), expected.to(wide), rtol=tolerance, atol=tolerance, equal_nan=True
    )


_RULES = {
    "number": _numbers,
    "exception": _exceptions,
    "sequence": _sequences,
    "dict": _dicts,
    "tensor": _tensors,
    "array": _arrays,
    "value": _values,
    "module": _modules,
}
