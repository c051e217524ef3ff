"""Kinds of results: tensors, arrays, and objects that hold them.

With this module one can
- recognise what stands for an object with a gradient, or for a module (Numbered,
  Holding),
- treat such results as the checks do (TENSOR, ARRAY, MODULE, VALUE, OTHER).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from helpers.exercises.kinds import MOST_SHOWN, Kind, Opaque, equal, keep, words

SHOWN_WHOLE = 16  # a tensor of more elements is shown by its first wrong element


@dataclass(frozen=True)
class Numbered:
    """A number or tensor that carries a gradient: `Value`, or a tensor with `.grad`."""

    kind: str
    data: Any
    grad: Any


@dataclass(frozen=True)
class Holding:
    """A module of class `kind`, with its parameters and buffers by name."""

    kind: str
    tensors: dict


def _shape(array):
    return f"shape {tuple(array.shape)} and dtype {str(array.dtype).split('.')[-1]}"


def _class_name(copied):
    return f"a {copied.kind}"


# Tensors, of any layout.


def _copy_tensor(value, walk):
    if value.device.type == "meta" or walk.is_too_deep():
        return Opaque("a tensor without data")
    dense = value.detach() if value.layout == torch.strided else value.to_dense()
    data = dense.detach().to("cpu", copy=True)
    if not (walk.with_gradients and value.is_leaf and value.grad is not None):
        return data
    return Numbered("tensor", data, walk(value.grad))


def _differ_tensors(got, expected, walk):
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return walk.found("type", got, expected)
    wrong = ~_elements_close(got, expected, walk.tolerance)
    if not wrong.any():
        return None
    if got.numel() <= SHOWN_WHOLE:
        return walk.found("value", got, expected)
    place = tuple(wrong.nonzero()[0].tolist())
    step = f"[{', '.join(map(str, place))}]"
    return walk.found("value", got[place].item(), expected[place].item(), step)


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


def _show_tensor(tensor, walk):
    cut = tensor
    for dimension in range(tensor.dim()):
        cut = cut.narrow(dimension, 0, min(MOST_SHOWN, cut.shape[dimension]))
    rest = "" if cut.shape == tensor.shape else f", ... of shape {tuple(tensor.shape)}"
    return f"tensor({walk(cut.tolist())}{rest})"


TENSOR = Kind(
    "tensor", torch.Tensor, _copy_tensor, _differ_tensors,
    _show_tensor, lambda tensor: f"a tensor of {_shape(tensor)}",
)  # fmt: skip


# Arrays of NumPy, compared and shown as tensors.


def _copy_array(value, walk):
    return value.copy() if value.dtype.kind in "biufc" else Opaque("an array")


def _differ_arrays(got, expected, walk):
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return walk.found("type", got, expected)
    tensors = torch.from_numpy(np.array(got)), torch.from_numpy(np.array(expected))
    found = _differ_tensors(*tensors, walk)
    whole = found and found.path == walk.path
    return walk.found("value", got, expected) if whole else found


def _show_array(array, walk):
    return _show_tensor(torch.from_numpy(array), walk).replace("tensor", "array", 1)


ARRAY = Kind(
    "array", np.ndarray, _copy_array, _differ_arrays,
    _show_array, lambda array: f"a NumPy array of {_shape(array)}",
)  # fmt: skip


# Modules, by the tensors that they hold.


def _copy_module(value, walk):
    return Holding(type(value).__name__, walk(dict(value.state_dict(keep_vars=True))))


def _differ_modules(got, expected, walk):
    return walk(got.tensors, expected.tensors)


MODULE = Kind(
    "module", (torch.nn.Module, Holding), _copy_module, _differ_modules,
    lambda module, walk: _class_name(module), _class_name,
)  # fmt: skip


# What carries a gradient, as `Value` and our Tensor do, and every other object.


def _differ_numbered(got, expected, walk):
    data = walk(got.data, expected.data, ".data")
    first = data or walk(got.grad, expected.grad, ".grad")
    return first and walk.found(first.kind, got, expected)


def _copy_other(value, walk):
    """An object with `.data` and `.grad` as `Numbered`, any other by its name."""
    if value is Ellipsis:  # a place that is not filled in
        return value
    if hasattr(value, "data") and _has_grad(value):
        gradient = value.grad if _keeps_grad(value) else None
        return Numbered(type(value).__name__, walk(value.data), walk(gradient))
    return Opaque(words(value))


def _has_grad(value):
    """Whether there is a `grad`; a property is not asked, since it may warn."""
    return hasattr(type(value), "grad") or hasattr(value, "grad")


def _keeps_grad(value):
    """Whether `grad` may be read without a warning: not in the middle of a graph."""
    return getattr(value, "is_leaf", True) or getattr(value, "retains_grad", False)


VALUE = Kind(
    "value", Numbered, keep, _differ_numbered,
    lambda v, walk: f"{v.kind}(data={walk(v.data)}, grad={walk(v.grad)})", _class_name,
)  # fmt: skip
OTHER = Kind(
    "opaque", object, _copy_other, equal,
    lambda thing, walk: getattr(thing, "words", repr(thing)),
    lambda thing: getattr(thing, "words", "something else"),
)  # fmt: skip
