"""Exercise 6.3: a book's schedule, moved to PyTorch without changing the path."""

from collections.abc import Iterable
from itertools import pairwise

import torch

from helpers.exercises.exercise import Exercise, Mistake

GRADIENTS = (1.0, -0.5, 2.0, 1.5, -1.0, 0.75)


def momenta(rates, momentum):
    """The momentum of each step with which PyTorch walks the book's path."""
    return [momentum, *(momentum * old / new for old, new in pairwise(rates))]


def _walk(answer, rates, momentum):
    """How many momenta there are, and PyTorch's places with them.

    The first momentum has no old buffer to multiply: any number is right there.
    """
    found = answer(list(rates), momentum)
    if not isinstance(found, Iterable):
        return found
    found = [_plain(each) for each in found]
    place, buffer, places = 0.0, 0.0, []
    for rate, mu, gradient in zip(rates, found, GRADIENTS, strict=False):
        buffer = mu * buffer + gradient
        place -= rate * buffer
        places.append(place)
    return {"momenta": len(found), "places": places}


def _plain(value):
    """A tensor or array of one number as that number, anything else as it is."""
    return value.item() if getattr(value, "size", None) and _holds_one(value) else value


def _holds_one(value):
    return value.numel() == 1 if isinstance(value, torch.Tensor) else value.size == 1


def _by(factor, first=True):
    """Momenta by `factor(old, new, rates, momentum)` for each pair of rates."""

    def momenta(rates, momentum):
        later = [factor(old, new, rates, momentum) for old, new in pairwise(rates)]
        return [momentum] * first + later

    return momenta


def _one_late(rates, momentum):
    later = [momentum * old / new for old, new in pairwise(rates)]
    return [*later, momentum]


WRONG_MOMENTA = (
    Mistake(
        _by(lambda old, new, rates, momentum: momentum),
        "The same momentum at each step is right while the rate stays. When it "
        "changes, PyTorch multiplies the old buffer by the new rate, and the book's "
        "velocity keeps the old one.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: momentum * new / old),
        "Your ratio is upside down. When the rate falls, PyTorch's old buffer counts "
        "too little, so its momentum must grow: old rate over new rate.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: old / new),
        "The ratio of the rates is right, and momentum itself is missing.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: momentum * rates[0] / new),
        "You compare each rate with the first one. The buffer was put right at every "
        "change before: compare with the rate of the step before.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: momentum * old),
        "The book's v is lr·b with the old rate; to write it with the new one, divide "
        "by the new rate as well.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: momentum / new),
        "You divide by the new rate; multiply by the old one too.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: min(1.0, momentum * old / new)),
        "You keep the momentum at 1 or below. After a fall of the rate it has to be "
        "larger, for a step: only so does the old buffer count for as much as before.",
    ),
    Mistake(
        _one_late,
        "Each number stands one step too early. The buffer of the step before is "
        "multiplied in the step with the new rate.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: momentum * old / new, first=False),
        "One is missing: there is a momentum for each rate, the first one included.",
    ),
    Mistake(
        _by(lambda old, new, rates, momentum: 1 - (1 - momentum) * new / old),
        "You keep lr / (1 - μ) the same. That is the speed on a steady slope; asked "
        "for is the same path, step by step.",
    ),
)

EXERCISE = Exercise(
    number="6.3",
    title="Move a schedule",
    solution=momenta,
    cases=lambda: [
        ((0.1, 0.1, 0.1, 0.05, 0.05, 0.05), 0.9),
        ((0.01, 0.02, 0.04, 0.08, 0.04, 0.02), 0.5),
        ((0.2, 0.1, 0.05, 0.2, 0.1, 0.3), 0.8),
    ],
    probe=_walk,
    tolerance=1e-5,  # momenta may be tensors of 32 bits
    mistakes=WRONG_MOMENTA,
    compared_with="the book's path under three schedules",
)
