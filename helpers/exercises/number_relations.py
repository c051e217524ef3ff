"""How rows of wrong numbers are related to the right ones.

With this module one can
- say it in a sentence (of_numbers), or of a single number (of_one),
- find the factor between the results of two answers (factor),
- list the inputs by name (inputs_of).
"""

import math

import torch

from helpers.exercises.kinds import Raised
from helpers.exercises.object_kinds import Numbered

NEARLY = 1e-3  # a factor nearer to 1 is no slip
CLOSE = 1e-6  # relative and absolute: more than rounding, less than a slip

_OF_INPUT = (
    ("{}", lambda x: x),
    ("1 / {}", lambda x: 1 / x),
    ("-{}", lambda x: -x),
    ("{}**2", lambda x: x * x),
    ("1 - {}", lambda x: 1 - x),
    ("1 / (1 - {})", lambda x: 1 / (1 - x)),
)
_OF_NUMBER = (
    ("one over the right one", lambda x: 1 / x),
    ("the square of the right one", lambda x: x * x),
    ("the root of the right one", math.sqrt),
    ("the right one without its sign", abs),
)


def of_numbers(exercise, tried, got, right):
    """Say how the numbers in results are related; empty if nobody can say.

    Args:
        exercise: the `Exercise`.
        tried: the answer's `Attempt`.
        got: its results, or parts of them, one for each case.
        right: those of the worked solution.
    """
    rows = [_numbers(each) for each in got], [_numbers(each) for each in right]
    if not _comparable(*rows):
        return ""
    return (
        _of_factor(exercise, tried, *rows)
        or _of_offset(exercise, tried, *rows)
        or _of_each_number(*rows)
        or _of_order(*rows)
    )


def of_one(got, right):
    """Say how a wrong number is related to the right one; empty if nobody can say.

    >>> of_one(-2.0, 2.0), of_one(0.5, 2.0), of_one(3.0, 2.0)
    ('Its sign is turned.', 'It is upside down: one over it is right.', '')
    """
    if not all(type(x) in (int, float) for x in (got, right)) or 0 in (got, right):
        return ""
    if _close(got, -right):
        return "Its sign is turned."
    if _close(got * right, 1.0):
        return "It is upside down: one over it is right."
    ratios = {2: "twice as large as it should be", 0.5: "half of what it should be"}
    ratios |= {10: "ten times too large", 0.1: "ten times too small"}
    found = (words for ratio, words in ratios.items() if _close(got / right, ratio))
    return "".join(f"It is {words}." for words in found)


def _numbers(result):
    """The numbers in a nested result, in order; None if it holds anything else."""
    if isinstance(result, Numbered):
        return _numbers([result.data, result.grad])
    if isinstance(result, torch.Tensor):
        return None if result.is_complex() else _numbers(result.flatten().tolist())
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        rows = [_numbers(item) for item in result]
        return None if None in rows else [number for row in rows for number in row]
    plain = isinstance(result, (int, float)) and not isinstance(result, bool)
    try:
        return [float(result)] if plain and math.isfinite(result) else None
    except OverflowError:  # an integer beyond every float
        return None


def _comparable(got, right):
    if None in got or None in right:
        return False
    same = all(len(g) == len(r) for g, r in zip(got, right, strict=True))
    return same and sum(map(len, right)) >= 2


def _close(one, other):
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def _all_close(got, wanted):
    pairs = zip(got, wanted, strict=True)
    return all(_close(a, b) for g, w in pairs for a, b in zip(g, w, strict=True))


def inputs_of(exercise, trials):
    """Name of each input that is a number in every case, and its values by case."""
    cases = [trial.inputs for trial in trials]
    if len({len(case) for case in cases}) != 1:
        return
    for position, name in enumerate(exercise.input_names(len(cases[0]))):
        column = [case[position] for case in cases]
        if all(isinstance(x, dict) for x in column):
            for key in column[0]:
                yield str(key), [each.get(key) for each in column]
        elif name:
            yield name, column


def _readings(exercise, trials):
    """What can be made of one input: its words, and a number for each case."""
    for name, column in inputs_of(exercise, trials):
        if not all(type(x) in (int, float) for x in column):
            continue
        for words, change in _OF_INPUT:
            try:
                yield words.format(name), [change(x) for x in column]
            except (ZeroDivisionError, OverflowError):
                continue


def factor(exercise, tried, other):
    """The number or the input that makes an answer's results out of other ones.

    Returns words such as "-1" or "1 / lr"; empty if there is none. `other` is the
    `Attempt` of another answer.
    """
    pairs = zip(tried.trials, other.trials, strict=True)
    kept = [(t, o) for t, o in pairs if not _same_error(t.result, o.result)]
    sides = [t.result for t, _ in kept], [o.result for _, o in kept]
    if any(isinstance(result, Raised) for side in sides for result in side):
        return ""
    rows = [[_numbers(result) for result in side] for side in sides]
    cases = [t for t, _ in kept]
    return _factor(exercise, cases, *rows) if _comparable(*rows) else ""


def _same_error(one, other):
    both = isinstance(one, Raised) and isinstance(other, Raised)
    return both and one.kind is other.kind


def _factor(exercise, trials, got, right):
    def fits(factors):
        scaled = [[f * x for x in row] for f, row in zip(factors, right, strict=True)]
        return _all_close(got, scaled)

    pairs = [
        (g, r)
        for a, b in zip(got, right, strict=True)
        for g, r in zip(a, b, strict=True)
    ]
    ratios = [g / r for g, r in pairs if abs(r) > CLOSE]
    if len(ratios) < 2 or abs(ratios[0]) < CLOSE:
        return ""
    if fits(ratios[:1] * len(got)):
        return f"{ratios[0]:.4g}" if abs(ratios[0] - 1) > NEARLY else ""
    readings = _readings(exercise, trials)
    return next((words for words, factors in readings if fits(factors)), "")


def _of_factor(exercise, tried, got, right):
    words = _factor(exercise, tried.trials, got, right)
    if words == "-1":
        return "It is the right one with its sign turned."
    return words and f"It is the right one multiplied by {words}."


def _of_offset(exercise, tried, got, right):
    """The right numbers, with one number or one input added to each."""

    def fits(offsets):
        moved = [[x + o for x in row] for o, row in zip(offsets, right, strict=True)]
        return _all_close(got, moved)

    first = got[0][0] - right[0][0]
    if fits([first] * len(got)):
        return f"It is {abs(first):.4g} too {'large' if first > 0 else 'small'}."
    for words, offsets in _readings(exercise, tried.trials):
        if fits(offsets):
            return f"It is the right one, and {words} on top."
    return ""


def _of_each_number(got, right):
    for words, change in _OF_NUMBER:
        try:
            if _all_close(got, [[change(x) for x in row] for row in right]):
                return f"It is {words}."
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
    return ""


def _of_order(got, right):
    """The right numbers in reverse, one place early or late, or wrong at one end."""
    if min(map(len, right)) < 3:
        return ""
    tests = (
        ("They are the right numbers in reverse order.", lambda r: r[::-1], None, None),
        ("Each number stands one place too early.", lambda r: r[1:], 0, -1),
        ("Each number stands one place too late.", lambda r: r[:-1], 1, None),
        ("Only the first number is wrong.", lambda r: r[1:], 1, None),
        ("Only the last number is wrong.", lambda r: r[:-1], 0, -1),
        ("Only the first number is right.", lambda r: r[:1], 0, 1),
    )
    for words, part, start, end in tests:
        if _all_close([g[start:end] for g in got], [part(r) for r in right]):
            return words
    return ""
