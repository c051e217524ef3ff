"""Exercise 12.3: between which numbers a strong Wolfe search holds s · y."""

from math import inf

from helpers.exercises.exercise import Exercise, Mistake


def promised(slope, length, c2):
    """The least and the most that s · y can be, after a step that was accepted."""
    return length * (1 - c2) * abs(slope), length * (1 + c2) * abs(slope)


def _wrong(formula, message):
    """A mistake from a formula of the first slope's size, the length, and c2."""

    def promised(slope, length, c2):
        return formula(abs(slope), length, c2)

    return Mistake(promised, message)


WRONG_BOUNDS = (
    _wrong(
        lambda m, t, c2: ((1 - c2) * m, (1 + c2) * m),
        "The length is missing. s is the length times the direction, so s · y is the "
        "length times the change of the slope.",
    ),
    _wrong(
        lambda m, t, c2: (t * (1 - c2) * m, inf),
        "That is the promise of the weak condition. The strong one forbids a steep "
        "slope upwards as well, so there is a largest number.",
    ),
    _wrong(
        lambda m, t, c2: (t * (1 - c2) * m, t * m),
        "Your largest number is for a slope that ends at 0. It may have turned: up to "
        "c2 times the first one, upwards.",
    ),
    _wrong(
        lambda m, t, c2: (0.0, t * (1 + c2) * m),
        "The slope has to become flatter: it can't stay as it was. So s · y is larger "
        "than 0 by a known amount.",
    ),
    _wrong(
        lambda m, t, c2: (-t * c2 * m, t * c2 * m),
        "Those are the bounds of the new slope. y is the change: the new slope less "
        "the first one.",
    ),
    _wrong(
        lambda m, t, c2: (t * c2 * m, t * (2 - c2) * m),
        "c2 and 1 - c2 are exchanged: what is left of the slope is c2 at most.",
    ),
    _wrong(
        lambda m, t, c2: (t * (1 + c2) * m, t * (1 - c2) * m),
        "Both numbers are right and stand in the wrong order: the least comes first.",
    ),
    _wrong(
        lambda m, t, c2: (-t * (1 + c2) * m, -t * (1 - c2) * m),
        "The signs are turned. The first slope is below 0, and taking it away adds "
        "its size.",
    ),
    _wrong(
        lambda m, t, c2: (-t * (1 - c2) * m, -t * (1 + c2) * m),
        "The signs are turned. The first slope is below 0, and taking it away adds "
        "its size.",
    ),
    _wrong(
        lambda m, t, c2: (t * (1 - c2) * m, t * c2 * m),
        "Your largest number is the size of the new slope alone. Take the first slope "
        "away from it: it is negative, so that adds.",
    ),
    _wrong(
        lambda m, t, c2: (t * c2 * m, t * (1 + c2) * m),
        "Your least number is what may be left of the slope. What has gone is the "
        "rest, 1 - c2 at least.",
    ),
    _wrong(
        lambda m, t, c2: (-t * (1 - c2) * m, t * (1 + c2) * m),
        "Your least number has a sign turned: the slope rises, so s · y is above 0.",
    ),
    _wrong(
        lambda m, t, c2: (t * (1 - c2) * m, 2 * t * m),
        "2 is for a slope that ends as steep upwards as it began. It ends no steeper "
        "than c2 times that.",
    ),
    _wrong(
        lambda m, t, c2: (-c2 * m, c2 * m),
        "Those are the bounds of the new slope. Take the first slope away, and "
        "multiply by the length.",
    ),
    _wrong(
        lambda m, t, c2: (-(1 - c2) * m, -(1 + c2) * m),
        "The length is missing, and the signs are turned: the first slope is below 0, "
        "and taking it away adds its size.",
    ),
)

EXERCISE = Exercise(
    number="12.3",
    title="What the search promises",
    solution=promised,
    cases=lambda: [(-2.0, 0.5, 0.9), (-10.0, 1.0, 0.1), (-0.3, 4.0, 0.5)],
    mistakes=WRONG_BOUNDS,
    compared_with="the ends of the strong condition at three slopes",
)
