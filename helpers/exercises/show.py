"""Short, readable text for inputs and results.

With this module one can
- show one snapshot in a few characters (show),
- show two that differ so that the difference is visible (show_pair),
- say in words what kind of thing a snapshot is (describe).
"""

import numpy as np
import torch

from helpers.exercises.compare import kind_of
from helpers.exercises.snapshot import Holding, Numbered, Opaque, Raised

MOST_ITEMS = 8


def show(copied, digits=4, width=100):
    """Show a snapshot: floats with `digits` significant digits, at most `width` wide.

    >>> show(1 / 3), show(6.0), show(torch.tensor([1.0, 2.5]))
    ('0.3333', '6.0', 'tensor([1.0, 2.5])')
    """
    text = _text(copied, digits)
    return text if len(text) <= width else text[: width - 4] + " ..."


def show_pair(got, expected):
    """Show two snapshots with as many digits as it takes to tell them apart.

    >>> show_pair(0.1 + 0.2, 0.3)
    ('0.30000000000000004', '0.3')
    """
    for digits in (4, 6, 9, 17):
        pair = show(got, digits), show(expected, digits)
        if pair[0] != pair[1]:
            break
    return pair


def describe(copied):
    """Say what kind of thing a snapshot is, with its size.

    >>> describe(torch.zeros(2, 3)), describe([1, 2]), describe(1.0)
    ('a tensor of shape (2, 3) and dtype float32', 'a list of 2', 'a number (float)')
    """
    kind = kind_of(copied)
    return _DESCRIPTIONS[kind](copied)


def _text(copied, digits):
    for kinds, function in _TEXTS:
        if isinstance(copied, kinds):
            return function(copied, digits)
    return repr(copied)


def _float(number, digits):
    return repr(float(f"{number:.{digits}g}"))


def _integer(number, digits):
    return str(number) if abs(number) < 10**20 else "an integer of many digits"


def _complex(number, digits):
    return f"{number:.{digits}g}"


def _items(items, digits):
    shown = [_text(item, digits) for item in list(items)[:MOST_ITEMS]]
    return ", ".join(shown + ["..."] * (len(items) > MOST_ITEMS))


def _tuple(items, digits):
    return f"({_items(items, digits)}{',' * (len(items) == 1)})"


def _dict(items, digits):
    shown = [f"{k!r}: {_text(v, digits)}" for k, v in list(items.items())[:MOST_ITEMS]]
    return "{" + ", ".join(shown + ["..."] * (len(items) > MOST_ITEMS)) + "}"


def _set(items, digits):
    ordered = sorted(items, key=repr)
    return "{" + _items(ordered, digits) + "}" if items else "set()"


def _tensor(tensor, digits):
    cut = tensor
    for dimension in range(tensor.dim()):
        cut = cut.narrow(dimension, 0, min(MOST_ITEMS, cut.shape[dimension]))
    text = _text(cut.tolist(), digits)
    rest = "" if cut.shape == tensor.shape else f", ... of shape {tuple(tensor.shape)}"
    return f"tensor({text}{rest})"


def _array(array, digits):
    return _tensor(torch.from_numpy(array), digits).replace("tensor", "array", 1)


def _numbered(value, digits):
    data, grad = _text(value.data, digits), _text(value.grad, digits)
    return f"{value.kind}(data={data}, grad={grad})"


_TEXTS = (
    (bool, lambda truth, digits: str(truth)),
    (float, _float),
    (int, _integer),
    (complex, _complex),
    (list, lambda items, digits: f"[{_items(items, digits)}]"),
    (tuple, _tuple),
    (dict, _dict),
    (frozenset, _set),
    (torch.Tensor, _tensor),
    (np.ndarray, _array),
    (Numbered, _numbered),
    (Holding, lambda module, digits: f"a {module.kind}"),
    (Opaque, lambda thing, digits: thing.words),
    (Raised, lambda error, digits: f"a {error.kind.__name__}"),
)

_DESCRIPTIONS = {
    "truth value": lambda truth: "a truth value (bool)",
    "number": lambda number: f"a number ({type(number).__name__})",
    "text": lambda text: "text (str)",
    "None": lambda none: "None",
    "sequence": lambda items: f"a {type(items).__name__} of {len(items)}",
    "dict": lambda items: "a dict",
    "set": lambda items: "a set",
    "tensor": lambda tensor: f"a tensor of {_shape(tensor)}",
    "array": lambda array: f"a NumPy array of {_shape(array)}",
    "value": lambda value: f"a {value.kind}",
    "module": lambda module: f"a {module.kind}",
    "opaque": lambda thing: getattr(thing, "words", "something else"),
    "exception": lambda error: f"a {error.kind.__name__}",
}


def _shape(array):
    return f"shape {tuple(array.shape)} and dtype {str(array.dtype).split('.')[-1]}"
