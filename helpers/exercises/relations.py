"""How wrong results are related to the right ones, when no known mistake fits.

With this module one can
- say it in a sentence (relation): right but for the sign, a factor or a step, or right
  in some of the cases,
- recognise a transpose (transposed), or names that are missing (of_keys).
"""

import torch

from helpers.exercises.kinds import Raised
from helpers.exercises.number_relations import inputs_of, of_numbers
from helpers.exercises.values import difference


def relation(exercise, tried, expected):
    """Say how the results are related to the right ones; empty if nobody can say.

    Args:
        exercise: the `Exercise`.
        tried: the answer's `Attempt`, finished.
        expected: the worked solution's.
    """
    got = [trial.result for trial in tried.trials]
    right = [trial.result for trial in expected.trials]
    raised = any(isinstance(result, Raised) for result in got + right)
    found = "" if raised else _of_results(exercise, tried, got, right)
    return found or _right_in_some(exercise, tried, expected)


def _of_results(exercise, tried, got, right):
    if all(isinstance(result, bool) for result in got + right):
        return _of_truths(got, right)
    got, right = _parts_that_differ(got, right, exercise.tolerance)
    turned = transposed(got, right, exercise.tolerance)
    return turned or of_numbers(exercise, tried, got, right)


def _of_truths(got, right):
    wrong = [g for g, r in zip(got, right, strict=True) if g != r]
    if len(got) > 1 and len(set(got)) == 1:
        return f"You say {got[0]} in every case."
    if len(wrong) == len(got) > 1:
        return "You say the opposite in every case."
    if len(wrong) > 1 and len(set(wrong)) == 1:
        count = f"{len(wrong)} of {len(got)}"
        return f"In {count} cases it is wrong, and says {wrong[0]} in all of them."
    return ""


def _parts_that_differ(got, right, tolerance):
    """The results, of dicts only the items that are wrong somewhere."""
    pairs = list(zip(got, right, strict=True))
    if not all(
        isinstance(g, dict) and isinstance(r, dict) and g.keys() == r.keys()
        for g, r in pairs
    ):
        return got, right
    wrong = [
        k
        for k in right[0]
        if any(difference(g[k], r[k], tolerance) for g, r in pairs if k in r)
    ]
    return [
        [[each[k] for k in wrong if k in each] for each in side]
        for side in (got, right)
    ]


def of_keys(found):
    """Say which names a dict lacks, or has too many; empty if it has the right ones.

    >>> from helpers.exercises.kinds import Difference
    >>> of_keys(Difference("value", "", {"lr": 0.1}, {"lr": 0.1, "eps": 0.0}))
    "'eps' is missing."
    """
    got, expected = found.got, found.expected
    if not isinstance(got, dict) or not isinstance(expected, dict):
        return ""
    missing = [repr(key) for key in expected if key not in got]
    extra = [repr(key) for key in got if key not in expected]
    verb = "are" if len(missing or extra) > 1 else "is"
    words = f"{verb} missing" if missing else f"{verb} not asked for"
    names = " and ".join(missing or extra)
    return f"{names} {words}." if names else ""


def transposed(got, right, tolerance):
    """Say that results are the transpose of the right ones; empty if they are not."""

    def is_turned(g, r):
        both = isinstance(g, torch.Tensor) and isinstance(r, torch.Tensor)
        return both and g.dim() == 2 and difference(g.T, r, tolerance) is None

    pairs = zip(got, right, strict=True)
    if all(difference(g, r, tolerance) is None or is_turned(g, r) for g, r in pairs):
        return "It is the transpose of the right one."
    return ""


def _right_in_some(exercise, tried, expected):
    """Which cases are right: those where an input is 0 or empty, or so many."""
    pairs = zip(tried.trials, expected.trials, strict=True)
    right = [
        difference(t.result, e.result, exercise.tolerance) is None for t, e in pairs
    ]
    if not any(right):
        return ""
    for name, column in inputs_of(exercise, tried.trials):
        if not all(isinstance(x, (int, float, type(None))) for x in column):
            continue
        full = [bool(x) for x in column]
        zero = column[full.index(False)] if False in full else 0
        if full == [not each for each in right]:
            return f"It is right where {name} is {zero}, and wrong elsewhere."
        if full == right and zero in (0, None, False):
            return f"It is wrong where {name} is {zero}, and right elsewhere."
    return f"It is right in {sum(right)} of {len(right)} cases."
