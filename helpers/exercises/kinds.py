"""Kinds of results: numbers, text, containers and exceptions.

With this module one can
- say how the checks treat a kind of result (Kind),
- hold where two results differ (Difference),
- hold an exception (Raised), or the name of what has no plain copy (Opaque).

Tensors, arrays and other objects are in `object_kinds.py`; `values.py` puts all kinds
in order and applies them.
"""

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_SHOWN = 8  # items of a container, before "..."


@dataclass(frozen=True)
class Kind:
    """One kind of result, and what the checks do with it.

    Functions that get a `walk` use it to go on into the parts of a result.

    Args:
        name: what the kind is called.
        types: the types of such results, and of their copies.
        copy: `copy(value, walk)` gives a copy that no learner's code can change;
            `walk(part)` copies a part.
        differ: `differ(got, expected, walk)` gives the first `Difference` of two
            copies, or None; `walk(got, expected, step)` compares a part of each, and
            `walk.found(kind, got, expected)` is the difference here.
        text: `text(copied, walk)` shows a copy; `walk(part)` shows a part, and
            `walk.digits` is how many significant digits.
        describe: `describe(copied)` says in words what kind of thing it is.
    """

    name: str
    types: type | tuple[type, ...]
    copy: Callable
    differ: Callable
    text: Callable
    describe: Callable


@dataclass(frozen=True)
class Difference:
    """The first difference of two results.

    Args:
        kind: "type", "value" or "raised".
        path: where in the result, such as "[0]", or empty.
        got: the copy that was found there.
        expected: the copy that was expected there.
    """

    kind: str
    path: str
    got: Any
    expected: Any


@dataclass(frozen=True)
class Raised:
    """An exception: its class, the first line of its message, the line it came from."""

    kind: type
    message: str
    line: str


@dataclass(frozen=True)
class Opaque:
    """Something that can be named but not compared: `words` say what it is."""

    words: str


def words(value):
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


def keep(value, walk):
    """The copy of what cannot change."""
    return value


def equal(got, expected, walk):
    """The difference of two values of one type that are equal or not."""
    same = type(got) is type(expected) and got == expected
    return None if same else walk.found("value", got, expected)


def _repr(copied, walk):
    return repr(copied)


# Truth values, numbers, text and None. True is not 1, but 2 equals 2.0.


def _copy_number(value, walk):
    """A number of Python's own type, for subclasses of it too."""
    if isinstance(value, np.generic):
        return value.item()
    kind = next(each for each in (int, float, complex) if isinstance(value, each))
    return kind(value)


def _differ_numbers(got, expected, walk):
    """NaN equals NaN; the tolerance is relative to `expected`, and absolute."""
    if got == expected or (got != got and expected != expected):
        return None
    try:
        allowed = walk.tolerance * (1 + min(abs(expected), 1e300))
        close = abs(got - expected) <= allowed
    except OverflowError:  # an integer beyond every float
        close = False
    return None if close else walk.found("value", got, expected)


def _show_number(number, walk):
    if isinstance(number, float):
        return repr(float(f"{number:.{walk.digits}g}"))
    if isinstance(number, complex):
        return f"{number:.{walk.digits}g}"
    return str(number) if abs(number) < 10**20 else "an integer of many digits"


TRUTH = Kind(
    "truth value", (bool, np.bool_), lambda truth, walk: bool(truth), equal,
    _repr, lambda truth: "a truth value (bool)",
)  # fmt: skip
NUMBER = Kind(
    "number", (int, float, complex, np.number), _copy_number, _differ_numbers,
    _show_number, lambda number: f"a number ({type(number).__name__})",
)  # fmt: skip
TEXT = Kind(
    "text", str, lambda text, walk: str.__str__(text), equal,
    _repr, lambda text: "text (str)",
)  # fmt: skip
NONE = Kind("None", type(None), keep, equal, _repr, lambda none: "None")


# Containers. A list equals a tuple of the same items.


def _copy_items(items, walk):
    if walk.is_too_much(items):
        return Opaque(f"a {type(items).__name__} too large to compare")
    copies = [walk(item) for item in items]
    return copies if isinstance(items, list) else tuple(copies)


def _copy_dict(items, walk):
    if walk.is_too_much(items):
        return Opaque("a dict too large to compare")
    return {_key(key): walk(item) for key, item in list(items.items())}


def _copy_set(items, walk):
    if walk.is_too_much(items):
        return Opaque("a set too large to compare")
    return frozenset(_key(walk(item)) for item in items)


def _key(value):
    """A dict's key or set's member as something that compares safely."""
    simple = type(value) in (str, int, float, bool, complex, tuple, type(None))
    return value if simple else words(value)


def _differ_items(got, expected, walk):
    if len(got) != len(expected):
        return walk.found("type", got, expected)
    pairs = enumerate(zip(got, expected, strict=True))
    return next(filter(None, (walk(g, e, f"[{i}]") for i, (g, e) in pairs)), None)


def _differ_dicts(got, expected, walk):
    if got.keys() != expected.keys():
        return walk.found("value", got, expected)
    found = (walk(got[key], expected[key], f"[{key!r}]") for key in expected)
    return next(filter(None, found), None)


def _inside(shown, items):
    return ", ".join(shown + ["..."] * (len(items) > MOST_SHOWN))


def _show_items(items, walk):
    inside = _inside([walk(item) for item in list(items)[:MOST_SHOWN]], items)
    if isinstance(items, list):
        return f"[{inside}]"
    return f"({inside}{',' * (len(items) == 1)})"


def _show_dict(items, walk):
    pairs = list(items.items())[:MOST_SHOWN]
    return "{" + _inside([f"{key!r}: {walk(item)}" for key, item in pairs], items) + "}"


def _show_set(items, walk):
    shown = [walk(item) for item in sorted(items, key=repr)[:MOST_SHOWN]]
    return "{" + _inside(shown, items) + "}" if items else "set()"


SEQUENCE = Kind(
    "sequence", (list, tuple), _copy_items, _differ_items,
    _show_items, lambda items: f"a {type(items).__name__} of {len(items)}",
)  # fmt: skip
DICT = Kind("dict", dict, _copy_dict, _differ_dicts, _show_dict, lambda d: "a dict")
SET = Kind("set", (set, frozenset), _copy_set, equal, _show_set, lambda s: "a set")


# What an answer raised. Exceptions agree if their classes are the same.


def _differ_raised(got, expected, walk):
    same = got.kind is expected.kind
    return None if same else walk.found("raised", got, expected)


EXCEPTION = Kind(
    "exception", Raised, keep, _differ_raised,
    lambda error, walk: f"a {error.kind.__name__}",
    lambda error: f"a {error.kind.__name__}",
)  # fmt: skip
