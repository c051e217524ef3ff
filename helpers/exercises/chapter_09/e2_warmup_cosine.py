"""Exercise 9.2: warm-up and cosine as one function of the step."""

import math

from helpers.exercises.exercise import Exercise, Mistake, faulty


def rate(step, warmup, total, highest, lowest):
    """Up along a line, down along a cosine, and then at the lowest rate."""
    if step < warmup:
        return highest * (step + 1) / warmup
    if step >= total:
        return lowest
    part = (step - warmup) / (total - warmup)
    return lowest + (highest - lowest) * (1 + math.cos(math.pi * part)) / 2


def fall(part, highest, lowest):
    """Half a cosine from the highest rate to the lowest."""
    return lowest + (highest - lowest) * (1 + math.cos(math.pi * part)) / 2


def variant(
    rise=lambda step, warmup, highest, lowest: highest * (step + 1) / warmup,
    part=lambda step, warmup, total: (step - warmup) / (total - warmup),
    down=fall,
    stays=True,
):
    """The schedule with its line, its place on the cosine or its end changed."""

    def rate(step, warmup, total, highest, lowest):
        if step < warmup:
            return rise(step, warmup, highest, lowest)
        if stays and step >= total:
            return lowest
        return down(part(step, warmup, total), highest, lowest)

    return rate


FAULTS = (
    (
        {"rise": lambda step, warmup, highest, lowest: highest * step / warmup},
        "Your first rate is 0, and a step at the rate 0 is lost. The line is at "
        "highest / warmup already at step 0: count from step + 1.",
    ),
    (
        {
            "rise": lambda step, warmup, highest, lowest: (
                lowest + (highest - lowest) * (step + 1) / warmup
            )
        },
        "Your line begins at the lowest rate. That is where the cosine ends; warm-up "
        "begins at highest / warmup.",
    ),
    (
        {"rise": lambda step, warmup, highest, lowest: highest},
        "There is no warm-up: your rate is the highest from step 0 on.",
    ),
    (
        {
            "rise": lambda step, warmup, highest, lowest: (
                highest * (step + 1) / (warmup + 1)
            )
        },
        "Your line ends one step late: step warmup - 1 has the highest rate.",
    ),
    (
        {"part": lambda step, warmup, total: step / total},
        "Your cosine counts from step 0, so the rate jumps down where warm-up ends. It "
        "begins at step warmup, and has total - warmup steps.",
    ),
    (
        {"part": lambda step, warmup, total: (step - warmup) / total},
        "Your cosine is not down at step total: it has total - warmup steps, not total "
        "of them.",
    ),
    (
        {"part": lambda step, warmup, total: step / (total - warmup)},
        "Your cosine has the right length and begins too early: at step warmup it is "
        "0 steps old.",
    ),
    (
        {"part": lambda step, warmup, total: (step - warmup + 1) / (total - warmup)},
        "Your cosine is one step ahead. At step warmup it has its highest point.",
    ),
    (
        {"part": lambda step, warmup, total: (step - warmup) / (total - 1 - warmup)},
        "Your cosine is down at step total - 1. Asked for is step total.",
    ),
    (
        {"down": lambda part, highest, lowest: highest},
        "After the warm-up your rate stays at the highest, and drops at the end. It is "
        "to fall along half a cosine in between.",
    ),
    (
        {"stays": False},
        "After step total your rate goes up again, as a cosine does. Stop it there.",
    ),
    (
        {
            "down": lambda part, highest, lowest: max(
                lowest, highest * (1 + math.cos(math.pi * part)) / 2
            )
        },
        "You cut the cosine off at the lowest rate. It is to be stretched between the "
        "two: its height times (highest - lowest), and lowest added.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                lowest + highest * (1 + math.cos(math.pi * part)) / 2
            )
        },
        "Your rate begins its fall at highest + lowest. The height of the cosine "
        "belongs to the difference, highest - lowest.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                highest * (1 + math.cos(math.pi * part)) / 2
            )
        },
        "Your cosine goes down to 0, and the lowest rate is forgotten.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                lowest + (highest - lowest) * (1 + math.cos(math.pi * part))
            )
        },
        "1 + cos goes from 2 to 0: halve it.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                lowest + (highest - lowest) * math.cos(math.pi * part / 2)
            )
        },
        "That is a quarter of a wave: steep at the end. Half a wave, from 1 to -1 and "
        "shifted up, is gentle at both ends.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                lowest + (highest - lowest) * (1 + math.cos(part)) / 2
            )
        },
        "π is missing in the cosine: it is far from down at the end.",
    ),
    (
        {
            "down": lambda part, highest, lowest: (
                lowest + (highest - lowest) * (1 - part)
            )
        },
        "Your way down is a line. Asked for is half a cosine.",
    ),
)

EXERCISE = Exercise(
    number="9.2",
    title="Warm-up and cosine",
    solution=rate,
    cases=lambda: [
        (step, warmup, total, 0.6, 0.05)
        for warmup, total in ((4, 12), (10, 100), (0, 9))
        for step in (0, 1, 3, 4, 5, 8, 9, 11, 12, 13, 55, 99, 100, 140)
    ],
    mistakes=(
        *faulty(variant, FAULTS),
        Mistake(
            variant(down=lambda part, highest, lowest: highest, stays=False),
            "That is the warm-up, and after it your rate stays at the highest. The way "
            "down, along half a cosine, is missing.",
        ),
    ),
    build=variant,
    faults=FAULTS,
    compared_with="the formula at 42 points of three schedules",
)
