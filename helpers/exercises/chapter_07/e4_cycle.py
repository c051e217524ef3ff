"""Exercise 7.4: a cycle of gradients on which Adam walks the wrong way."""

import math

from helpers.exercises.exercise import Exercise, Mistake

CYCLE = [60.0] + [-1.0] * 40
STEPS, MOST = 6000, 100
BETA1, BETA2, LR, EPS = 0.9, 0.9, 0.01, 1e-8


def last_mean(cycle, amsgrad):
    """The mean of x over the last cycle of 6,000 steps of Adam, clamped to [-1, 1].

    `cycle` is a list of numbers, repeated; x starts at 0.
    """
    x = mean = square = largest = 0.0
    places = []
    for step in range(STEPS):
        gradient = cycle[step % len(cycle)]
        mean = BETA1 * mean + (1 - BETA1) * gradient
        square = BETA2 * square + (1 - BETA2) * gradient * gradient
        largest = max(largest, square)
        full = (1 - BETA1 ** (step + 1)), (1 - BETA2 ** (step + 1))
        scale = math.sqrt((largest if amsgrad else square) / full[1]) + EPS
        x = min(1.0, max(-1.0, x - LR * mean / full[0] / scale))
        places.append(x)
    return sum(places[-len(cycle) :]) / len(cycle)


def _behaviour(answer):
    """What is asked for: each must be True. A cycle that can't be run has no ends."""
    cycle = [float(gradient + 0.0) for gradient in answer]  # no text
    usable = 1 <= len(cycle) <= MOST and all(map(math.isfinite, cycle))
    if not usable:
        return {"1 to 100 finite numbers": False}
    return {
        "1 to 100 finite numbers": True,
        "the sum is positive": sum(cycle) > 0,
        "the sum is not negative": sum(cycle) >= 0,
        "Adam ends on the right": last_mean(cycle, False) > 0,
        "amsgrad ends on the left": last_mean(cycle, True) < 0,
    }


WRONG_CYCLES = (
    Mistake(
        [50.0] + [-1.0] * 100,
        "There are more than 100 numbers, or none, or one that is not finite.",
    ),
    Mistake(
        [5.0, -1.0, -1.0],
        "Adam goes to the left here, as it should. Between two large gradients its "
        "memory of ten steps must have time to forget: take more small ones, or a "
        "large one that is less large.",
    ),
    Mistake(
        [20.0] + [-1.0] * 40,
        "The sum is negative, so the right end is the best place, and both methods are "
        "right to go there. Make the large gradient larger than all others together.",
    ),
    Mistake(
        [40.0] + [-1.0] * 40,
        "The sum is zero, so no place is better than another. Make the large gradient "
        "larger than all others together.",
    ),
    Mistake(
        [0.0],
        "The sum is zero, and x does not end on either side. One large gradient and "
        "many small ones of the other sign are needed.",
    ),
    Mistake(
        [-60.0] + [1.0] * 40,
        "The signs are turned: the sum is negative, and Adam goes to the left, against "
        "it. Its mirror image is asked for.",
    ),
)

EXERCISE = Exercise(
    number="7.4",
    title="Break it",
    solution=CYCLE,
    cases=lambda: [()],
    probe=_behaviour,
    mistakes=WRONG_CYCLES,
    compared_with="6,000 steps of Adam and of amsgrad on your cycle",
)
