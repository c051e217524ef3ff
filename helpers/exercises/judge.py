"""From an answer to a verdict.

The order of questions: is it filled in, does it end, is it right, is it a mistake that
is known, does it change its inputs, is it made of several mistakes, does it raise, is
it of the wrong type, where does it differ.
"""

import warnings

import torch

from helpers.exercises import report
from helpers.exercises.exercise import Verdict
from helpers.exercises.explain import explained
from helpers.exercises.kinds import Raised
from helpers.exercises.number_relations import of_one
from helpers.exercises.originals import Originals
from helpers.exercises.relations import of_keys, relation, transposed
from helpers.exercises.run_answer import is_open, run_answer
from helpers.exercises.values import difference

SECONDS = 5.0  # for all cases of an answer together
OUR_SECONDS = 60.0  # for a worked solution, on a slow machine

_remembered = {}  # what our answers do, by exercise, answer and default dtype


def judge(exercise, answer, seconds=SECONDS):
    """Judge `answer` and return a `Verdict`, whatever the answer does.

    The worked solution is run first: what it imports takes none of the answer's time.
    What it and the known mistakes do is remembered until the kernel stops.

    Args:
        exercise: an `Exercise`.
        answer: a function, class or value.
        seconds: the time for all cases of the answer together, more than 0.

    Raises `RuntimeError` if the worked solution itself does not end: that is an error
    of the course.

    >>> from helpers.exercises import Exercise
    >>> half = Exercise("1.1", "Half", 0.5, lambda: [()], (), "1 / 2")
    >>> judge(half, 0.5).text
    '1.1 · correct, the same as 1 / 2'
    """
    with Originals() as originals:
        status, text = _finding(exercise, answer, seconds, originals)
    if status not in ("your turn", "correct", "not judged"):
        text = f"not yet. {text}"
    return Verdict(exercise.number, status, report.block(exercise.number, text))


def _finding(exercise, answer, seconds, originals):
    if is_open(exercise, answer, seconds):
        return "your turn", "your turn"
    expected = _ours(exercise, exercise.solution)
    failed = _failed(exercise, expected)
    if failed:
        return "not judged", report.solution_raises(failed)
    tried = run_answer(exercise, answer, seconds)
    replaced = originals.restore()
    if replaced:
        return "changed inputs", report.replaced(replaced)
    if tried.unfilled:
        return "your turn", "your turn"
    asked, came = _kinds(exercise.solution, answer)
    if asked != came:
        return "wrong type", f"This exercise asks for {asked}; you have {came}."
    if tried.ending != "finished":
        last = tried.trials[-1] if tried.trials else None
        stopped = tried.ending == "stopped"
        return "endless", report.endless(exercise, last, seconds, stopped)
    return _compared(exercise, tried, expected)


def _failed(exercise, expected):
    """The exception of a worked solution that should raise none, or None."""
    results = [trial.result for trial in expected.trials]
    raised = [each for each in results if isinstance(each, Raised)]
    wrong = (e for e in raised if not issubclass(e.kind, exercise.may_raise))
    return next(wrong, None)


def _kinds(solution, answer):
    """Say what is asked for and what came; equal words if they fit."""
    if issubclass(type(solution), type):
        return "a class", _kind(answer)
    if callable(solution):
        return "a function", "a function" if callable(answer) else _kind(answer)
    return "a value", _kind(answer) if callable(answer) else "a value"


def _kind(answer):
    """Name what came by its type alone: no method of its own is asked."""
    if issubclass(type(answer), type):
        return "a class"
    name = type(answer).__name__
    return "a function" if callable(answer) else f"a value of type {name}"


def _compared(exercise, tried, expected):
    wrong = _first_difference(exercise, tried, expected)
    changed = next((i for i, t in enumerate(tried.trials) if t.changed), None)
    if wrong is None and changed is None:
        return _right(exercise, tried)
    start = exercise.starting_point
    if start is not None and _acts_as(start, exercise, tried, wrong):
        return "your turn", "your turn"
    for mistake in exercise.mistakes:
        if _acts_as(mistake.answer, exercise, tried, wrong):
            return "mistake", mistake.message
    if wrong is None:
        return "changed inputs", report.changed(exercise, tried.trials[changed])
    text, complete = explained(
        exercise, tried, expected, lambda known: _ours(exercise, known)
    )
    if changed is not None and changed <= wrong[0] and not complete:
        return "changed inputs", report.changed(exercise, tried.trials[changed])
    if text:
        return "mistake", text
    return _difference_found(exercise, tried, expected, wrong)


def _right(exercise, tried):
    """Correct, unless a function was called that the text rules out."""
    called = {name for trial in tried.trials for name in trial.called}
    for name, message in exercise.refuses.items():
        if name in called:
            return "mistake", message
    return "correct", f"correct, the same as {exercise.compared_with}"


def _ours(exercise, known):
    """What a worked solution, a starting point or a known mistake does."""
    key = exercise, id(known), torch.get_default_dtype()
    if key not in _remembered:
        _remembered[key] = _run_ours(exercise, known)
    return _remembered[key]


def _run_ours(exercise, known):
    """Run an answer of ours: it must end, and its warnings are not shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tried = run_answer(exercise, known, OUR_SECONDS)
    if tried.ending != "finished":
        raise RuntimeError(
            f"a solution or mistake of exercise {exercise.number} runs longer than "
            f"{OUR_SECONDS:g} seconds; allowed are ones that end: shorten its cases"
        )
    return tried


def _first_difference(exercise, tried, expected):
    """The first case whose results differ, as (position, Difference), or None."""
    pairs = enumerate(zip(tried.trials, expected.trials, strict=True))
    for position, (got, wanted) in pairs:
        found = difference(got.result, wanted.result, exercise.tolerance)
        if found:
            return position, found
    return None


def _acts_as(known, exercise, tried, wrong):
    """Tell whether an answer behaves as a known one does on every case.

    An answer whose results are right is known by the inputs that it changes.
    """
    variant = _ours(exercise, known)
    pairs = zip(variant.trials, tried.trials, strict=True)
    same_changes = all(ours.changed == theirs.changed for ours, theirs in pairs)
    same_results = _first_difference(exercise, tried, variant) is None
    return same_results and (wrong is not None or same_changes)


def _difference_found(exercise, tried, expected, wrong):
    position, found = wrong
    trial = tried.trials[position]
    if found.kind == "raised":
        return "raised", report.raised(exercise, trial, found)
    if found.kind == "type":
        turned = transposed([found.got], [found.expected], exercise.tolerance)
        return "wrong type", report.wrong_type(exercise, trial, found, turned)
    if callable(exercise.solution):
        related = of_keys(found) or relation(exercise, tried, expected)
    else:
        related = of_one(found.got, found.expected)
    return "differs", report.differs(exercise, trial, found, related)
