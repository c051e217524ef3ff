"""Run an answer on every case of its exercise, within a time limit.

With this module one can
- ask whether an answer is filled in at all (is_open),
- run it and keep what happened (run_answer) on all cases (Attempt) and on one (Trial),
- run something of ours so that all is as it was afterwards (own_state).
"""

import random
import sys
import traceback
import types
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from helpers.exercises.kinds import Raised
from helpers.exercises.printed import printing
from helpers.exercises.time_limit import Stop, guarded, run_within
from helpers.exercises.unfilled import is_stub, means_unfilled
from helpers.exercises.values import difference, holds_ellipsis, snapshot
from helpers.exercises.watched import watched

MOST_LEVELS = 20_000  # of a recursion


@dataclass
class Trial:
    """One case: what went in, what came out, and what became of the inputs.

    Args:
        inputs: copies of the inputs before.
        after: copies of the inputs afterwards; empty where they may change.
        result: a copy of the result, or `Raised`.
        changed: the positions of the inputs that the answer changed.
        called: the names that it called and should not, of `Exercise.refuses`.

    >>> Trial(inputs=(1.0,)).changed
    ()
    """

    inputs: tuple
    after: tuple = ()
    result: Any = None
    changed: tuple[int, ...] = ()
    called: tuple[str, ...] = ()


@dataclass
class Attempt:
    """What happened on all cases of one answer.

    Args:
        trials: a `Trial` for each case; the last is unfinished if `ending` says so.
        ending: "finished", "stopped" or "running", as `run_within` gives it.
        unfilled: whether a place was met that is not filled in.

    >>> Attempt().unfilled
    False
    """

    trials: list[Trial] = field(default_factory=list)
    ending: str = "finished"
    unfilled: bool = False


def is_open(exercise, answer, seconds):
    """Tell whether `answer` is a stub; False if it is so odd that nobody can say.

    >>> from helpers.exercises import Exercise
    >>> is_open(Exercise("1.1", "", 0.5, lambda: [()], (), "1 / 2"), ..., 5.0)
    True
    """
    found = []
    run_within(
        seconds,
        lambda: found.append(
            guarded(is_stub, answer, exercise.solution, otherwise=False)
        ),
    )
    return found == [True]


def run_answer(exercise, answer, seconds):
    """Run `answer` on the cases of `exercise` and return an `Attempt`.

    Nothing the answer raises comes through. Random numbers start from the same seed
    each time, and the notebook's own generators are left as they were.

    Args:
        exercise: an `Exercise`.
        answer: a function, class or value.
        seconds: the time limit for all cases together, more than 0.

    >>> from helpers.exercises import Exercise
    >>> double = Exercise("1.1", "", None, lambda: [(1.0,), (3.0,)], (), "arithmetic")
    >>> [trial.result for trial in run_answer(double, lambda x: 2 * x, 5.0).trials]
    [2.0, 6.0]
    """
    tried = Attempt()
    with own_state(), printing():
        tried.ending = run_within(seconds, lambda: _run_cases(exercise, answer, tried))
    return tried


def _run_cases(exercise, answer, tried):
    for case in exercise.cases():
        trial = Trial(snapshot(tuple(case), with_gradients=True))
        tried.trials.append(trial)
        used, called = watched(answer, exercise.refuses)
        trial.result, unfilled = _result(exercise.probe, answer, used, case)
        trial.called = tuple(name for name in exercise.refuses if name in called)
        tried.unfilled |= unfilled
        if not exercise.may_change_inputs:
            trial.after = snapshot(tuple(case), with_gradients=True)
            trial.changed = _changed(trial.inputs, trial.after)


def _result(probe, answer, used, case):
    """Probe `used`, which stands for `answer`: what came, and whether a place is open.

    What came is a copy of the result, or `Raised`.
    """
    try:
        result = snapshot(probe(used, *case))
        return result, holds_ellipsis(result)
    except Stop:
        raise
    except BaseException as error:
        unfilled = guarded(means_unfilled, error, otherwise=False)
        message = guarded(_message, error, otherwise="")
        line = guarded(_line, error, answer, otherwise="")
        return Raised(type(error), message, line), unfilled


def _message(error):
    """The first line of an exception's message."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else ""


def _line(error, answer):
    """The learner's line that raised: the last one in the file of the answer."""
    members = vars(answer).values() if isinstance(answer, type) else [answer]
    codes = [getattr(member, "__code__", None) for member in members]
    files = {code.co_filename for code in codes if isinstance(code, types.CodeType)}
    steps = traceback.extract_tb(error.__traceback__, limit=-100)
    theirs = [step.line for step in steps if step.filename in files]
    return (theirs[-1] or "")[:70] if theirs else ""


def _changed(before, after):
    pairs = enumerate(zip(before, after, strict=True))
    return tuple(i for i, (old, new) in pairs if difference(new, old, 0))


@contextmanager
def own_state():
    """Seed the generators for one attempt, and put all back as it was after it."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    random.seed(0)
    np.random.seed(0)
    torch.default_generator.manual_seed(0)
    try:
        with _bounded_recursion():
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])


@contextmanager
def _bounded_recursion():
    """No answer may recurse more deeply than a worker has room for."""
    set_limit, before = sys.setrecursionlimit, sys.getrecursionlimit()
    sys.setrecursionlimit = lambda levels: set_limit(min(levels, MOST_LEVELS))
    set_limit(min(before, MOST_LEVELS))
    try:
        yield
    finally:
        sys.setrecursionlimit = set_limit
        set_limit(before)
