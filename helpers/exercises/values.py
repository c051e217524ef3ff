"""Results and inputs as plain values: copied, compared and shown.

With this module one can
- copy any nested result so that no later change reaches it (snapshot),
- look for a left-over `...` in a copy (holds_ellipsis),
- find the first place where two copies differ (difference),
- show one copy in a few characters, or two so that the difference is visible (show,
  show_pair), and say what kind of thing one is (describe, kind_of).

What holds for one kind of result stands in `kinds.py` and `object_kinds.py`.
"""

import functools
from dataclasses import dataclass

from helpers.exercises.kinds import (
    DICT,
    EXCEPTION,
    NONE,
    NUMBER,
    SEQUENCE,
    SET,
    TEXT,
    TRUTH,
    Difference,
)
from helpers.exercises.object_kinds import (
    ARRAY,
    MODULE,
    OTHER,
    TENSOR,
    VALUE,
    Numbered,
)

KINDS = (
    *(TRUTH, NUMBER, TEXT, NONE, SEQUENCE, DICT, SET),  # True is no number: it is first
    *(TENSOR, ARRAY, MODULE, VALUE, EXCEPTION, OTHER),  # the last one takes the rest
)
MOST_ITEMS = 100_000
MOST_LEVELS = 40

_UNCHANGING = {type(None), bool, int, float, complex, str}


def kind_of(value):
    """Give the `Kind` of a result or of a copy.

    >>> kind_of(True).name, kind_of(1.5).name, kind_of([1.5]).name
    ('truth value', 'number', 'sequence')
    """
    return _kind_of_type(type(value))


@functools.lru_cache
def _kind_of_type(of):
    return next(kind for kind in KINDS if issubclass(of, kind.types))


def snapshot(value, with_gradients=False):
    """Copy a nested value: later changes to it do not reach the copy.

    Numbers, text, None, tensors, arrays, tuples, lists, dicts and sets stay what they
    are (tensors go to the CPU); an object with `.data` and `.grad` becomes `Numbered`,
    a module becomes `Holding` with its tensors, everything else `Opaque`.

    Args:
        value: anything; no method of it is called but to read what it holds.
        with_gradients: whether a tensor that has a `.grad` becomes `Numbered` too.

    >>> snapshot([1, (2.0, None)]), snapshot(len)
    ([1, (2.0, None)], Opaque(words='the function len'))
    """
    return _Copy(with_gradients)(value)


def holds_ellipsis(copied):
    """Tell whether a copy is `...` or holds it at any depth.

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


def difference(got, expected, tolerance):
    """Give the first `Difference` of two copies, or None if they agree.

    A number is not a tensor of one element, and True is not 1; but 2 equals 2.0, NaN
    equals NaN, and a list equals a tuple of the same items.

    Args:
        got: a copy of what was found.
        expected: a copy of what is expected.
        tolerance: relative to `expected` and absolute, 0 or more.

    >>> difference([1, 2.0], (1.0, 2), 1e-9) is None
    True
    >>> difference((1.0, 2.0), (1.0, 3.0), 1e-9).path
    '[1]'
    """
    return _Comparison(tolerance)(got, expected)


def show(copied, digits=4, width=100):
    """Show a copy in one line.

    Args:
        copied: a copy that `snapshot` made.
        digits: how many significant digits a float gets, 1 to 17.
        width: how many characters at most.

    >>> show(1 / 3), show(6.0), show([2.5, None])
    ('0.3333', '6.0', '[2.5, None]')
    """
    text = _Text(digits)(copied)
    return text if len(text) <= width else text[: width - 4] + " ..."


def show_pair(got, expected):
    """Show two copies with as many digits as it takes to tell them apart.

    >>> show_pair(0.1 + 0.2, 0.3)
    ('0.30000000000000004', '0.3')
    """
    for digits in (4, 6, 9, 17):
        pair = show(got, digits), show(expected, digits)
        if pair[0] != pair[1]:
            break
    return pair


def describe(copied):
    """Say what kind of thing a copy is, with its size.

    >>> describe([1, 2]), describe(1.0)
    ('a list of 2', 'a number (float)')
    """
    return kind_of(copied).describe(copied)


class _Copy:
    """One walk that copies a nested value, with a limit on depth and on items."""

    def __init__(self, with_gradients):
        self.with_gradients = with_gradients
        self.items = 0
        self.level = 0

    def __call__(self, value):
        self.items += 1
        if type(value) in _UNCHANGING:
            return value
        self.level += 1
        copied = kind_of(value).copy(value, self)
        self.level -= 1
        return copied

    def is_too_deep(self):
        return self.level > MOST_LEVELS

    def is_too_much(self, items):
        return self.is_too_deep() or self.items + len(items) > MOST_ITEMS


@dataclass(frozen=True)
class _Comparison:
    """A walk through two copies at once, now at `path`."""

    tolerance: float
    path: str = ""

    def __call__(self, got, expected, step=""):
        here = _Comparison(self.tolerance, self.path + step)
        kind, other = kind_of(expected), kind_of(got)
        if other is kind:
            return kind.differ(got, expected, here)
        if other is EXCEPTION:
            return here.found("raised", got, expected)
        return here.found("value" if kind is EXCEPTION else "type", got, expected)

    def found(self, kind, got, expected, step=""):
        return Difference(kind, self.path + step, got, expected)


@dataclass(frozen=True)
class _Text:
    """A walk that shows a copy, floats with so many significant digits."""

    digits: int

    def __call__(self, copied):
        return kind_of(copied).text(copied, self)
