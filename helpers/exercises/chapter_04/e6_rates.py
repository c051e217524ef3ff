"""Exercise 4.6: rates at which a loop with and without zero_grad stays or leaves."""

import math

from helpers.exercises.exercise import Exercise, Mistake

CURVATURE = 0.5
FAR = 1e3
STEPS = 20_000
RATES = {"both stay": 1.0, "cleared leaves": 6.0, "both leave": 10.0}


def _leaves(lr, clear):
    """Whether the parameter ever gets far from the bottom of the bowl."""
    place, gradient = 1.0, 0.0
    for _ in range(STEPS):
        gradient = CURVATURE * place + (0.0 if clear else gradient)
        place -= lr * gradient
        if not abs(place) < FAR:
            return True
    return False


def _behaviour(answer):
    """For each rate, what the cleared loop and the other one do."""
    return {
        name: [_known(lr), _leaves(lr, clear=True), _leaves(lr, clear=False)]
        for name, lr in answer.items()
    }


def _known(lr):
    return math.isfinite(lr) and lr > 0


def _with(**changes):
    names = dict(zip(("stay", "only", "leave"), RATES, strict=True))
    return RATES | {names[key]: lr for key, lr in changes.items()}


FOR_ONE = (
    "These are limits for a curvature of 1. What counts is the rate times the "
    "curvature, and the curvature is 0.5 here: the limits are twice as far."
)
EXCHANGED = (
    "The last two are exchanged. The cleared loop is the first to leave, above "
    "lr · a = 2; the other one swings up to 4."
)
NEGATIVE = (
    "A negative rate climbs: every loop leaves with it. The rates that are asked for "
    "are positive, and finite."
)
NONE_LEAVES = (
    "No loop leaves at your last two rates. The rate times 0.5 has to pass 2, and then "
    "4: the limits of the rate are those divided by 0.5."
)
WRONG_RATES = (
    Mistake(_with(only=3.0, leave=5.0), FOR_ONE),
    Mistake(_with(only=3.0, leave=6.0), FOR_ONE),
    Mistake(_with(only=10.0, leave=6.0), EXCHANGED),
    Mistake(
        _with(only=10.0),
        "At your second rate both loops leave. Without clearing the place is a cosine "
        "only up to lr · a = 4.",
    ),
    Mistake(
        _with(only=3.0),
        "At your second rate the cleared loop stays: it leaves above lr · a = 2, and "
        "a is 0.5.",
    ),
    Mistake(
        _with(leave=6.0),
        "At your third rate the loop without zero_grad still swings: the cosine ends "
        "at lr · a = 4.",
    ),
    Mistake(
        _with(stay=6.0),
        "At your first rate the cleared loop leaves: it stays below lr · a = 2.",
    ),
    Mistake(_with(leave=-1.0), NEGATIVE),
    Mistake(
        _with(stay=0.0),
        "A rate of zero moves nothing, so both stay where they are. Positive rates are "
        "asked for.",
    ),
    Mistake(_with(only=2.0, leave=4.0), NONE_LEAVES),
    Mistake(
        _with(stay=6.0, only=1.0),
        "The first two are exchanged: the larger rate makes the cleared loop leave.",
    ),
    Mistake(
        _with(stay=10.0, only=6.0, leave=1.0),
        "The order is turned round: the smallest rate is the one where both stay.",
    ),
)

EXERCISE = Exercise(
    number="4.6",
    title="Break both",
    solution=RATES,
    cases=lambda: [()],
    probe=_behaviour,
    mistakes=WRONG_RATES,
    compared_with="20,000 steps of each loop at your three rates",
)
