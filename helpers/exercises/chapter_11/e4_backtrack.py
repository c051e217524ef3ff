"""Exercise 11.4: backtracking that asks no more than it must."""

import math
from itertools import groupby

from helpers.exercises.exercise import Exercise, Mistake, faulty


def backtrack(phi, step, c1):
    """Halve `step` until the value has fallen by c1 of what the slope promises."""
    value0, slope0 = phi(0.0)
    while not phi(step)[0] <= value0 + c1 * step * slope0:
        step = step / 2
    return step


def _variant(bound=None, shrink=0.5, refuses=None, again=None):
    """The search with another bound, factor or comparison, or a question too many."""
    refuses = refuses or (lambda value, most: not value <= most)
    bound = bound or _bound

    def backtrack(phi, step, c1):
        value0, slope0 = phi(0.0)
        if again == "once at 0":
            phi(0.0)
        while True:
            value, slope = phi(step)
            good = not refuses(value, bound(value0, slope0, slope, step, c1))
            if again == "at each trial" or (good and again == "at the end"):
                phi(step)
            if good:
                return step
            if again == "at 0":
                phi(0.0)
            step *= shrink

    return backtrack


def _bound(value0, slope0, slope, step, c1):
    return value0 + c1 * step * slope0


def _foot(value0, slope0, slope, step, c1):
    return value0


def _halves_once(phi, step, c1):
    value0, slope0 = phi(0.0)
    if not phi(step)[0] <= value0 + c1 * step * slope0:
        step = step / 2
    return step


def _gives_the_value(phi, step, c1):
    asked = []
    backtrack(lambda t: asked.append(phi(t)) or asked[-1], step, c1)
    return asked[-1][0]


def _wants_flat(c2):
    """A search that asks for Wolfe's condition as well."""

    def wants_flat(phi, step, c1):
        value0, slope0 = phi(0.0)
        for _ in range(200):
            value, slope = phi(step)
            flat = abs(slope) <= c2 * abs(slope0)
            if value <= value0 + c1 * step * slope0 and flat:
                break
            step = step / 2
        return step

    return wants_flat


def _halves_first(phi, step, c1):
    return backtrack(phi, step / 2, c1)


def _one_too_far(phi, step, c1):
    return backtrack(phi, step, c1) / 2


def _blind_to_nan(value, most):
    return value > most


ASKS_TOO_OFTEN = (
    "The step is right, and you ask at 0 again at each trial. Each question is a "
    "forward and a backward: keep the value and the slope."
)
ANY_FALL = (
    "You are content as long as the value does not rise. Armijo asks for a share c1 of "
    "what the slope promises."
)
ALSO_FLAT = (
    "You ask for Wolfe's condition as well. Armijo's alone is asked for, and a search "
    "that only halves may never meet the other."
)
FAULTS = (
    (
        {"refuses": lambda value, most: not value < most},
        "You halve where the value is just as low as the bound. Armijo's condition "
        "holds there: it is `<=`.",
    ),
    (
        {"refuses": lambda value, most: value <= most},
        "Your condition is turned round: the loop goes on while the step is good, and "
        "takes the first that is not.",
    ),
    (
        {"refuses": _blind_to_nan},
        "You accept a value that is NaN: `value > bound` is False there, and the loop "
        "ends. Ask for what you want: `while not value <= bound`.",
    ),
    (
        {"bound": _foot},
        ANY_FALL,
    ),
    (
        {"bound": lambda value0, slope0, slope, step, c1: value0 + c1 * slope0},
        "The step is missing in the bound: a slope promises a fall for each unit of "
        "step.",
    ),
    (
        {"bound": lambda value0, slope0, slope, step, c1: value0 - c1 * step * slope0},
        "Your bound lies above the start: slope0 is negative already, so it is added.",
    ),
    (
        {"bound": lambda value0, slope0, slope, step, c1: value0 + c1 * step * slope},
        "You take the slope at the trial. The promise was made at the foot: slope0.",
    ),
    (
        {"bound": lambda value0, slope0, slope, step, c1: value0 + step * slope0},
        "c1 is missing: you ask for the whole promise, which a loss that curves "
        "upwards never keeps.",
    ),
    (
        {"shrink": 0.1},
        "You divide by ten. Halve, so that a good step is not leapt over.",
    ),
    ({"again": "at 0"}, ASKS_TOO_OFTEN),
    (
        {"again": "at each trial"},
        "The step is right, and you ask twice at the same trial. Keep what phi gave.",
    ),
    (
        {"again": "once at 0"},
        "The step is right, and you ask twice at 0: once for the value and once for "
        "the slope. One question gives both.",
    ),
    (
        {"again": "at the end"},
        "The step is right, and you ask once more at the end, where you have been.",
    ),
)
WRONG_SEARCHES = (
    *faulty(_variant, FAULTS),
    Mistake(_wants_flat(0.9), ALSO_FLAT),
    Mistake(_wants_flat(0.5), ALSO_FLAT),
    Mistake(
        _halves_once,
        "You halve once at most: `if` asks once, `while` asks until it is so.",
    ),
    Mistake(
        _gives_the_value,
        "You return the value that was reached. The step is asked for.",
    ),
    Mistake(_variant(_foot, refuses=lambda value, most: not value < most), ANY_FALL),
    Mistake(
        _halves_first,
        "You halve before the first trial. The step you are given is to be tried.",
    ),
    Mistake(
        _one_too_far,
        "Your step is half of the one that was accepted: you halve once more after it.",
    ),
)


def _bowl(step):
    return (1 - 2 * step) ** 2, -4 * (1 - 2 * step)


def _barrier(step):
    """A loss that ends in NaN from step 1 on, as a logarithm does."""
    if step >= 1:
        return math.nan, math.nan
    return -3 * step - math.log(1 - step), -3 + 1 / (1 - step)


def _dips(step):
    slope = 0.2 * (step - 2) - 0.6 * math.cos(6 * step)
    return 0.1 * (step - 2) ** 2 - 0.1 * math.sin(6 * step), slope


class _NoEnd(Exception):
    """So many questions, and no end in sight."""


MOST_QUESTIONS = 60
LINES = {"bowl": _bowl, "barrier": _barrier, "dips": _dips}


def _search(answer, line, step, c1):
    """The step that was taken, the trials in order, and how often each was asked."""
    asked = []

    def phi(t):
        asked.append(float(t))
        if len(asked) > MOST_QUESTIONS:
            raise _NoEnd
        return LINES[line](float(t))

    try:
        found = answer(phi, step, c1)
    except _NoEnd:
        found, asked = f"none, after {MOST_QUESTIONS} questions", asked[:8]
    places = [t for t in asked if t != 0.0]
    return {
        "step": found,
        "trials": [t for t, _ in groupby(places)],
        "questions at 0": min(asked.count(0.0), 3),
        "questions at the first trial": asked.count(places[0]) if places else 0,
        "questions at the last": asked.count(places[-1]) if places else 0,
    }


EXERCISE = Exercise(
    number="11.4",
    title="Backtracking",
    solution=backtrack,
    cases=lambda: [
        ("bowl", 4.0, 0.1),
        ("bowl", 0.95, 0.2),
        ("bowl", 1.0, 1e-4),
        ("barrier", 3.0, 0.3),
        ("dips", 32.0, 0.25),
        ("bowl", 3.0, 0.3),
        ("dips", 3.0, 0.5),
        ("bowl", 1.96, 0.01),
        ("bowl", 0.75, 0.25),
    ],
    probe=_search,
    mistakes=WRONG_SEARCHES,
    build=_variant,
    faults=FAULTS,
    compared_with="nine searches, question by question",
)
