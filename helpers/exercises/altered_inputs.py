"""One slip in the formula: what the worked solution gives for other inputs.

With this module one can list the slips that the inputs of a case allow (alterations),
such as 1 for a number, its negative, or two of them exchanged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

_OF_NUMBERS = (
    ("0", lambda x: 0 * x),
    ("1", lambda x: 0 * x + 1),
    ("-{}", lambda x: -x),
    ("1 / {}", lambda x: 1 / x),
    ("1 - {}", lambda x: 1 - x),
    ("{} - 1", lambda x: x - 1),
    ("{} + 1", lambda x: x + 1),
    ("2 * {}", lambda x: 2 * x),
    ("{} / 2", lambda x: x / 2),
    ("{}**2", lambda x: x * x),
    ("abs({})", abs),
)
_OF_TRUTHS = (
    ("True", lambda truth: True),
    ("False", lambda truth: False),
    ("not {}", lambda truth: not truth),
)


@dataclass(frozen=True)
class Alteration:
    """A change of a case's inputs: `words` say it, `apply` gives another case."""

    words: str
    apply: Callable


def alterations(names, case):
    """List the `Alteration`s of a case, those of single inputs first.

    Args:
        names: the inputs' names, as text; None for one without.
        case: a tuple of inputs; numbers and truth values are altered, also in a dict.

    >>> found = alterations(["a", "b"], (3.0, 5.0))
    >>> found[2].words, found[2].apply((3.0, 5.0)), found[-1].apply((3.0, 5.0))
    ('-a in the place of a', (-3.0, 5.0), (5.0, 3.0))
    """
    places = list(_places(names, case))
    single = [
        Alteration(f"{words.format(name)} in the place of {name}", _at(place, change))
        for place, name, value in places
        for words, change in _changes(value)
    ]
    numbers = [each for each in places if not isinstance(each[2], (bool, tuple))]
    return single + [
        Alteration(f"{one[1]} and {other[1]} exchanged", _exchange(one[0], other[0]))
        for one, other in combinations(numbers, 2)
    ]


def _places(names, case):
    """Place, name and value of each number, truth value or pair of numbers."""
    for position, (name, value) in enumerate(zip(names, case, strict=True)):
        if isinstance(value, dict):
            for key, item in value.items():
                if _is_plain(item):
                    yield (position, key), str(key), item
        elif name and _is_plain(value):
            yield (position,), name, value


def _is_plain(value):
    if isinstance(value, tuple):
        return len(value) == 2 and all(isinstance(x, (int, float)) for x in value)
    return isinstance(value, (bool, int, float))


def _changes(value):
    if isinstance(value, tuple):
        return (("reversed {}", lambda pair: pair[::-1]),)
    return _OF_TRUTHS if isinstance(value, bool) else _OF_NUMBERS


def _read(case, place):
    value = case[place[0]]
    return value[place[1]] if len(place) == 2 else value


def _write(case, place, value):
    if len(place) == 2:
        value = case[place[0]] | {place[1]: value}
    return (*case[: place[0]], value, *case[place[0] + 1 :])


def _at(place, change):
    return lambda case: _write(case, place, change(_read(case, place)))


def _exchange(one, other):
    def exchange(case):
        first, second = _read(case, one), _read(case, other)
        return _write(_write(case, one, second), other, first)

    return exchange
