"""Where an answer is wrong, place by place, and which mistakes that is made of.

With this module one can
- list the places where results differ (wrong_places),
- put an answer together from several known mistakes (made_of, two_at_once), or from
  one that acts on some of the cases only (guarded).
"""

from itertools import permutations

from helpers.exercises.object_kinds import Numbered
from helpers.exercises.values import difference

MOST_TOGETHER = 3


def wrong_places(exercise, tried, expected):
    """What an answer gives where it is wrong, by case and path, as a dict."""
    found = {}
    pairs = enumerate(zip(tried.trials, expected.trials, strict=True))
    for case, (got, wanted) in pairs:
        for path, value in _walk(got.result, wanted.result, exercise.tolerance):
            found[case, path] = value
    return found


def _walk(got, expected, tolerance, path=()):
    parts = _parts(got, expected)
    if parts is None:
        if difference(got, expected, tolerance):
            yield path, got
        return
    for step, one, other in parts:
        yield from _walk(one, other, tolerance, (*path, step))


def _parts(got, expected):
    """The parts of two containers of the same make, or None."""
    if isinstance(got, Numbered) and isinstance(expected, Numbered):
        return ("data", got.data, expected.data), ("grad", got.grad, expected.grad)
    if isinstance(got, dict) and isinstance(expected, dict):
        same = got.keys() == expected.keys()
        return [(key, got[key], expected[key]) for key in expected] if same else None
    both = isinstance(got, (list, tuple)) and isinstance(expected, (list, tuple))
    if both and len(got) == len(expected):
        return zip(range(len(got)), got, expected, strict=True)
    return None


def made_of(wrong, known, tolerance):
    """Mistakes that together make up all that is wrong, and how much they leave open.

    Args:
        wrong: the answer's wrong places.
        known: pairs of a mistake and its wrong places.
        tolerance: the exercise's.

    Returns a list of mistakes, the largest first, and the places of the answer that
    none of them explains; the list is empty if none is a part of the answer.
    """
    parts = [(m, at) for m, at in known if at and _agree(at, wrong, tolerance)]
    parts.sort(key=lambda part: -len(part[1]))
    chosen, left = [], set(wrong)
    for mistake, places in parts:
        new = left & places.keys()
        told = any(mistake.message == other.message for other in chosen)
        if new and not told and len(chosen) < MOST_TOGETHER:
            chosen.append(mistake)
            told = True
        if told:
            left -= new
    return chosen, left


def two_at_once(wrong, known, tolerance):
    """Two mistakes, each alone in some places; where both act, anything may come out.

    Returns a pair of mistakes, or None. One of the two may show in the other's places
    too, as long as the other is recognised in one of them.
    """
    candidates = [(m, at) for m, at in known if at and at.keys() <= wrong.keys()]
    for (one, first), (other, second) in permutations(candidates, 2):
        whole = _without(first, second)
        some = _without(second, first)
        if one.message == other.message or not whole or not some:
            continue
        complete = first.keys() | second.keys() == wrong.keys()
        seen = any(_agree({at: some[at]}, wrong, tolerance) for at in some)
        if complete and seen and _agree(whole, wrong, tolerance):
            return one, other
    return None


def guarded(wrong, known, tolerance):
    """The mistake that an answer makes in some of the places where the mistake shows.

    Returns the mistake, or None. The places must hold more than truth values.
    """
    telling = [at for at, value in wrong.items() if not isinstance(value, bool)]
    fits = [
        (len(wrong) / len(at), mistake)
        for mistake, at in known
        if wrong.keys() < at.keys() and _agree(wrong, at, tolerance)
    ]
    if not fits or not telling:
        return None
    share, mistake = max(fits, key=lambda fit: fit[0])
    return mistake if share >= 0.2 else None


def _without(places, others):
    return {at: value for at, value in places.items() if at not in others}


def _agree(places, wrong, tolerance):
    """Whether each of `places` is among the wrong ones, with the same value."""
    return all(
        at in wrong and difference(wrong[at], value, tolerance) is None
        for at, value in places.items()
    )
