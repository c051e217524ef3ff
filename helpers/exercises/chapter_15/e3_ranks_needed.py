"""Exercise 15.3: the least number of ranks on which a model fits."""

import math

from helpers.exercises.exercise import Exercise, Mistake, faulty

DEALT_OUT = (0, 12, 14, 16)  # bytes for each parameter, by stage


def ranks_needed(parameters, limit, stage):
    """The least number of ranks, or None if no number is enough."""
    dealt_out = DEALT_OUT[stage]
    room = limit * 1e9 / parameters - (16 - dealt_out)
    if stage == 0:
        return 1 if room >= 0 else None
    return math.ceil(dealt_out / room) if room > 0 else None


def build(dealt_out=DEALT_OUT, rounded=math.ceil, never=None, giga=1e9, whole=16):
    """The solution with some of its parts exchanged."""

    def ranks_needed(parameters, limit, stage):
        dealt = dealt_out[stage]
        room = limit * giga / parameters - (whole - dealt)
        if stage == 0:
            return 1 if room >= 0 else never
        return rounded(dealt / room) if room > 0 else never

    return ranks_needed


def _rest_forgotten(parameters, limit, stage):
    if stage == 0:
        return ranks_needed(parameters, limit, stage)
    return max(1, math.ceil(DEALT_OUT[stage] * parameters / (limit * 1e9)))


def _power_of_two(parameters, limit, stage):
    found = ranks_needed(parameters, limit, stage)
    return found and 2 ** math.ceil(math.log2(found))


def _all_dealt_out(parameters, limit, stage):
    return max(1, math.ceil(16 * parameters / (limit * 1e9)))


FAULTS = (
    (
        {"rounded": math.floor},
        "You round down: with that many ranks it doesn't fit yet.",
    ),
    (
        {"rounded": lambda value: math.floor(value) + 1},
        "Where it fits exactly you ask for one rank too many: at most the limit "
        "includes the limit.",
    ),
    (
        {"never": 0},
        "Where no number of ranks is enough, return None; 0 is a number.",
    ),
    (
        {"never": math.inf},
        "Where no number of ranks is enough, return None, not infinity.",
    ),
    (
        {"dealt_out": (0, 8, 10, 12), "whole": 12},
        "You leave out the copy of the parameters in 32 bits: the state takes 12 "
        "bytes a parameter, 4 each for the copy and for Adam's two means.",
    ),
    (
        {"giga": 2**30},
        "A GB has 1e9 bytes, as in `gigabytes`. You took 2**30, a GiB.",
    ),
    (
        {"dealt_out": (0, 12, 12, 16)},
        "At stage 2 the gradients are dealt out as well, 2 bytes more than at stage 1.",
    ),
    (
        {"dealt_out": (0, 12, 14, 14)},
        "At stage 3 the weights are dealt out too: nothing stays whole.",
    ),
)

MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _rest_forgotten,
        "You leave out what every rank holds whole: 4 bytes a parameter at stage 1, "
        "2 at stage 2. It takes room, and may leave none.",
    ),
    Mistake(
        _power_of_two,
        "You round up to a power of two. The figure drew those; any number will do.",
    ),
    Mistake(
        _all_dealt_out,
        "You deal out all 16 bytes at every stage. That is stage 3.",
    ),
)

EXERCISE = Exercise(
    number="15.3",
    title="How many to rent",
    solution=ranks_needed,
    cases=lambda: [
        (7.5e9, 80, 0),
        (1e9, 16, 0),
        (1e9, 5, 1),
        (7.5e9, 24, 1),
        (7.5e9, 37, 1),
        (1e9, 4, 2),
        (7.5e9, 24, 2),
        (1e9, 4, 3),
        (70e9, 79, 3),
        (1e6, 80, 1),
    ],
    mistakes=MISTAKES,
    compared_with="a search over all numbers of ranks, for ten models",
    build=build,
    faults=FAULTS,
)
