"""Exercise 10.3: the rows of the next mini-batch, from the number of steps done."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def next_rows(done, count, size, seed):
    """The rows of the mini-batch after `done` steps; each epoch has its own seed."""
    epoch, place = divmod(done, -(-count // size))
    order = _order(count, seed + epoch)
    return order[place * size : (place + 1) * size]


def _order(count, seed):
    """The rows in the order of one seed."""
    return torch.randperm(count, generator=torch.Generator().manual_seed(seed))


def _above(count, size):
    return -(-count // size)


def build(
    steps=_above,
    seed_of=lambda seed, epoch, done: seed + epoch,
    first=lambda place, size: place * size,
    shift=0,
):
    """The solution with some of its parts exchanged."""

    def next_rows(done, count, size, seed):
        epoch, place = divmod(done + shift, steps(count, size))
        order = _order(count, seed_of(seed, epoch, done))
        start = first(place, size)
        return order[start : start + size]

    return next_rows


def _one_generator(done, count, size, seed):
    epoch, place = divmod(done, _above(count, size))
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epoch + 1):
        order = torch.randperm(count, generator=generator)
    return order[place * size : (place + 1) * size]


def _global(done, count, size, seed):
    epoch, place = divmod(done, _above(count, size))
    order = torch.randperm(count)
    return order[place * size : (place + 1) * size]


def _not_shuffled(done, count, size, seed):
    place = done % _above(count, size)
    return torch.arange(count)[place * size : (place + 1) * size]


def _wraps_around(done, count, size, seed):
    epoch, place = divmod(done, _above(count, size))
    order = _order(count, seed + epoch)
    return order[torch.arange(place * size, (place + 1) * size) % count]


def _rest_of_epoch(done, count, size, seed):
    epoch, place = divmod(done, _above(count, size))
    return _order(count, seed + epoch)[place * size :]


FAULTS = (
    (
        {"steps": lambda count, size: max(count // size, 1)},
        "Your epochs are a step too short where the last mini-batch is: its rows "
        "are never seen. Round up.",
    ),
    (
        {"steps": lambda count, size: count // size + 1},
        "Your epochs are a step too long where count is a multiple of size: that step "
        "has no rows. -(-count // size) rounds up.",
    ),
    (
        {"steps": lambda count, size: count},
        "You count an epoch as `count` steps. A step takes `size` rows.",
    ),
    (
        {"seed_of": lambda seed, epoch, done: seed},
        "Every epoch has the order of the first. The seed is seed + epoch.",
    ),
    (
        {"seed_of": lambda seed, epoch, done: seed + done},
        "You draw another order at each step: some rows come twice in an epoch, and "
        "some never.",
    ),
    (
        {"seed_of": lambda seed, epoch, done: seed + epoch + 1},
        "Your epochs are counted from 1; the first has the seed itself.",
    ),
    (
        {"seed_of": lambda seed, epoch, done: epoch},
        "The seed is seed + epoch; you leave out `seed`.",
    ),
    (
        {"first": lambda place, size: place},
        "Your slice begins at the number of the mini-batch, not at its first row: "
        "multiply by size.",
    ),
    (
        {"shift": 1},
        "You give the mini-batch after the next: after 0 steps comes the first.",
    ),
    (
        {"shift": -1},
        "You give the last mini-batch again: `done` steps are done already.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _one_generator,
        "You draw all the orders before, from one generator. The text gives each epoch "
        "a seed of its own, so that none has to be drawn again.",
    ),
    Mistake(
        _global,
        "You draw from the global generator, whose state is no function of `done`.",
    ),
    Mistake(_not_shuffled, "Your rows are not shuffled."),
    Mistake(
        _wraps_around,
        "You fill up the last mini-batch from the start of the epoch. It stays short.",
    ),
    Mistake(
        _rest_of_epoch, "You give all the rows that are left; a step takes `size`."
    ),
)


def _rows(answer, done, count, size, seed):
    """The rows as a list, from a tensor or any sequence."""
    found = answer(done, count, size, seed)
    return found.tolist() if isinstance(found, torch.Tensor) else found


EXERCISE = Exercise(
    number="10.3",
    title="A position without memory",
    solution=next_rows,
    cases=lambda: [
        (0, 10, 4, 3),
        (2, 10, 4, 3),
        (3, 10, 4, 3),
        (7, 12, 4, 5),
        (11, 12, 4, 0),
        (26, 20, 3, 8),
    ],
    probe=_rows,
    mistakes=MISTAKES,
    compared_with="walks through whole epochs, six times",
    build=build,
    faults=FAULTS,
)
