"""Exercises for the tests of `check`: two functions, a value and a class."""

import torch

from helpers.exercises import Exercise, Mistake
from helpers.exercises.judge import judge

SPEED = Exercise(
    number="9.1",
    title="Speed",
    solution=lambda distance, duration: distance / duration,
    cases=lambda: [(6.0, 2.0), (10.0, 4.0)],
    mistakes=(
        Mistake(lambda d, t: t / d, "You divided the wrong way round."),
        Mistake(lambda d, t: d // t, "You threw the fraction away."),
        Mistake(lambda d, t: {}[d], "You looked it up in an empty table."),
    ),
    compared_with="arithmetic at 2 points",
)
NUMBER = Exercise(
    number="9.2",
    title="Read off",
    solution={"slope": 3.0, "names": ("a", "b")},
    cases=lambda: [()],
    mistakes=(Mistake({"slope": 6.0, "names": ("a", "b")}, "That is the curvature."),),
    compared_with="the graph",
)


def subtract(parameter, gradient):
    return parameter - gradient


def subtract_in_place(parameter, gradient):
    parameter -= gradient
    return parameter


STEP = Exercise(
    number="9.3",
    title="Step",
    solution=subtract,
    cases=lambda: [(torch.tensor([1.0, 2.0]), torch.tensor([0.5, 0.5]))],
    mistakes=(
        Mistake(subtract_in_place, "You step in place."),
        Mistake(lambda p, g: p + g, "You climb."),
    ),
    compared_with="PyTorch",
)


class Counter:
    """A worked solution that is a class, one of its methods empty."""

    def __init__(self):
        self.total = 0

    def add(self, number):
        self.total += number

    def close(self):
        pass


def use_counter(kind, number):
    counter = kind()
    counter.add(number)
    return counter.total


CLASS = Exercise(
    number="9.4",
    title="Counter",
    solution=Counter,
    cases=lambda: [(3,), (4,)],
    mistakes=(),
    compared_with="addition",
    probe=use_counter,
)


def found(exercise, answer, status, *parts, seconds=5.0):
    """Judge; the status and each part of the text (line ends aside) must be there."""
    verdict = judge(exercise, answer, seconds)
    text = " ".join(verdict.text.split())
    assert verdict.number == exercise.number
    assert verdict.status == status, text
    assert text.startswith(f"{exercise.number} · ")
    assert all(len(line) <= 79 for line in verdict.text.splitlines())
    for part in parts:
        assert part in text
    return verdict.text
