"""Exercise 9.2: how many steps the optimizer makes in a run."""

import math

from helpers.exercises.exercise import Exercise, Mistake, faulty


def total_steps(images, batch_size, accumulate, epochs):
    """Steps of the whole run; the last batch and the last group may be smaller."""
    batches = -(-images // batch_size)
    steps = -(-batches // accumulate)
    return epochs * steps


def variant(batches=math.ceil, groups=math.ceil, across=False):
    """The count with its roundings changed, or with groups that go across epochs."""

    def count(images, batch_size, accumulate, epochs):
        in_epoch = batches(images / batch_size)
        if across:
            return groups(epochs * in_epoch / accumulate)
        return epochs * groups(in_epoch / accumulate)

    return count


FAULTS = (
    (
        {"batches": math.floor},
        "The last batch of an epoch is smaller, and it is a batch: round the number of "
        "batches up.",
    ),
    (
        {"groups": math.floor},
        "The micro-batches that are left at the end of an epoch make a step too: round "
        "the number of steps up.",
    ),
    (
        {"across": True},
        "You let a group of micro-batches go on into the next epoch. What is left at "
        "the end of an epoch makes a step there: round for each epoch.",
    ),
    (
        {"groups": round},
        "You round to the nearest. A group that is not full makes a step, however "
        "small it is: round up.",
    ),
    (
        {"batches": round},
        "You round the number of batches to the nearest. The last batch counts, "
        "however small it is: round up.",
    ),
    (
        {"groups": lambda number: number},
        "Your steps have a fraction. What is left at the end of an epoch is a whole "
        "step: round up.",
    ),
    (
        {"groups": lambda number: math.floor(number) + 1},
        "You add a step even where no micro-batch is left over.",
    ),
    (
        {"batches": lambda number: math.floor(number) + 1},
        "You add a batch even where no image is left over.",
    ),
)


def _micro_batches(images, batch_size, accumulate, epochs):
    return epochs * math.ceil(images / batch_size)


def _one_epoch(images, batch_size, accumulate, epochs):
    return total_steps(images, batch_size, accumulate, 1)


def _times(images, batch_size, accumulate, epochs):
    return epochs * math.ceil(images / batch_size) * accumulate


def _all_images(images, batch_size, accumulate, epochs):
    return math.ceil(epochs * images / (batch_size * accumulate))


EXERCISE = Exercise(
    number="9.2",
    title="Count the steps",
    solution=total_steps,
    cases=lambda: [
        (1437, 128, 1, 20),
        (1437, 32, 4, 20),
        (1000, 100, 4, 7),
        (1200, 100, 4, 3),
        (1010, 100, 5, 3),
        (1100, 100, 4, 2),
        (70, 100, 8, 2),
        (450, 50, 2, 5),
    ],
    mistakes=(
        *faulty(variant, FAULTS),
        Mistake(
            _micro_batches,
            "You count micro-batches. The scheduler steps with the optimizer, once for "
            "each group of `accumulate` of them.",
        ),
        Mistake(
            _one_epoch,
            "That is one epoch. A schedule by steps is made for the whole run.",
        ),
        Mistake(
            _times,
            "You multiply by `accumulate`. Several micro-batches make one step: there "
            "are fewer steps, not more.",
        ),
        Mistake(
            _all_images,
            "You divide all images of the run at once. A batch ends with its epoch, "
            "and so does a group: round up for each epoch.",
        ),
    ),
    build=variant,
    faults=FAULTS,
    compared_with="a loop that counts, for eight runs",
)
