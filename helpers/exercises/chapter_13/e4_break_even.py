"""Exercise 13.4: from which size on another device is faster."""

import math

from helpers.exercises.exercise import Exercise, Mistake, faulty


def break_even(cpu, gpu):
    """The smallest n >= 1 from which on a_g + b_g n < a_c + b_c n; None if never."""
    later, gain = gpu[0] - cpu[0], cpu[1] - gpu[1]
    if gain < 0 or (gain == 0 and later >= 0):
        return None
    if gain == 0:
        return 1
    return max(1, math.floor(later / gain) + 1)


def build(
    later=lambda cpu, gpu: gpu[0] - cpu[0],
    gain=lambda cpu, gpu: cpu[1] - gpu[1],
    whole=lambda crossing: math.floor(crossing) + 1,
    least=1,
    asks=True,
):
    """The solution with some of its parts exchanged."""

    def break_even(cpu, gpu):
        price, slope = later(cpu, gpu), gain(cpu, gpu)
        if asks and slope < 0 or (slope == 0 and price >= 0):
            return None
        if slope == 0:
            return 1
        return max(least, whole(price / slope))

    return break_even


def _never_as_infinity(cpu, gpu):
    found = break_even(cpu, gpu)
    return math.inf if found is None else found


def _parallel_is_never(cpu, gpu):
    return None if cpu[1] <= gpu[1] else break_even(cpu, gpu)


def _first_that_wins(cpu, gpu):
    if gpu[0] + gpu[1] < cpu[0] + cpu[1]:
        return 1
    return break_even(cpu, gpu)


def _parallel_divides(cpu, gpu):
    later, gain = gpu[0] - cpu[0], cpu[1] - gpu[1]
    return None if gain < 0 else max(1, math.floor(later / gain) + 1)


FAULTS = (
    (
        {"later": lambda cpu, gpu: gpu[0]},
        "You leave out what a call costs on the CPU: only the difference of the two "
        "prices has to be earned back.",
    ),
    (
        {"later": lambda cpu, gpu: cpu[0] - gpu[0]},
        "The difference of the prices has the wrong sign: the GPU's comes first.",
    ),
    (
        {"gain": lambda cpu, gpu: cpu[1]},
        "You count on a GPU that needs no time for its numbers. Each one gains b of "
        "the CPU less b of the GPU.",
    ),
    (
        {"whole": math.ceil},
        "Where the lines cross at a whole n, both take the same time there. Asked for "
        "is the first n at which the GPU is strictly faster.",
    ),
    (
        {"whole": math.floor},
        "You round down: at that n the CPU still wins.",
    ),
    (
        {"whole": lambda crossing: crossing},
        "That is where the lines cross; asked for is a whole number behind it.",
    ),
    (
        {"least": -math.inf},
        "Your n can be below 1. Where the GPU always wins, the answer is 1.",
    ),
    (
        {"asks": False},
        "Your lines cross where the CPU *begins* to win: its line is the flatter one. "
        "Then the answer is None.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(_never_as_infinity, "Where the GPU never wins, return None, not infinity."),
    Mistake(
        _parallel_is_never,
        "Parallel lines are not always None: the lower one wins everywhere.",
    ),
    Mistake(
        _first_that_wins,
        "The GPU is faster at 1 and not for all larger n: its line is the steeper one.",
    ),
    Mistake(
        _parallel_divides,
        "Where both need the same for each number you divide by zero: look at that "
        "case by itself.",
    ),
)

EXERCISE = Exercise(
    number="13.4",
    title="Break-even",
    solution=break_even,
    cases=lambda: [
        ((1.0, 0.5), (8.0, 0.25)),
        ((2.0, 1.0), (9.5, 0.25)),
        ((1.0, 1.0), (3.0, 0.25)),
        ((1.0, 0.25), (8.0, 0.5)),
        ((4.0, 0.25), (1.0, 0.5)),
        ((5.0, 0.5), (1.0, 0.25)),
        ((1.0, 0.5), (8.0, 0.5)),
        ((8.0, 0.5), (1.0, 0.5)),
        ((1.0, 0.5), (101.0, 0.375)),
    ],
    mistakes=MISTAKES,
    build=build,
    faults=FAULTS,
    compared_with="a search over all sizes, nine times",
)
