"""Exercise 11.3: where a parabola is lowest, from two of its slopes."""

from helpers.exercises.exercise import Exercise, Mistake


def lowest_step(slope0, step, slope):
    """The step at which the slope, a straight line, is zero."""
    return -slope0 * step / (slope - slope0)


def _wrong(formula, message):
    """A mistake from a formula of the exercise's own arguments."""
    return Mistake(lambda slope0, step, slope: formula(slope0, step, slope), message)


WRONG_STEPS = (
    _wrong(
        lambda slope0, step, slope: slope0 * step / (slope - slope0),
        "The sign is turned: your step is negative. The slope has to grow by -slope0.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 / (slope - slope0),
        "That is the fraction of the trial step: multiply by `step`.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope * step / (slope - slope0),
        "That is the way from the trial to the lowest point. Asked for is the way from "
        "step 0: slope0 has to be made up for.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 * step / (slope + slope0),
        "You divide by the sum of the slopes. The slope changes by their difference.",
    ),
    _wrong(
        lambda slope0, step, slope: slope0 * step / (slope + slope0),
        "You divide by the sum of the slopes. The slope changes by their difference.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 * (slope - slope0) / step,
        "You multiply by the change of the slope per step. A large curvature makes the "
        "step short: divide by it.",
    ),
    _wrong(
        lambda slope0, step, slope: (slope - slope0) / step,
        "That is the curvature, how much the slope grows per unit of step. By how much "
        "has it to grow?",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 * step / slope,
        "You divide by the slope at the trial. The slope grows from slope0 to slope, "
        "so the difference belongs there.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 / slope,
        "You divide by the slope at the trial, and `step` is missing. How much does "
        "the slope change per unit of step?",
    ),
    _wrong(
        lambda slope0, step, slope: min(step, -slope0 * step / (slope - slope0)),
        "You go no further than the trial. Where the slope there is still below 0, the "
        "lowest point is further out.",
    ),
    _wrong(
        lambda slope0, step, slope: step / 2,
        "Half the trial is right only where the two slopes are opposite.",
    ),
    _wrong(
        lambda slope0, step, slope: -slope0 * step / (2 * (slope - slope0)),
        "There is a 2 too many. The slope is a derivative already, and nothing is left "
        "to be halved.",
    ),
)

EXERCISE = Exercise(
    number="11.3",
    title="Two slopes",
    solution=lowest_step,
    cases=lambda: [
        (-2.0, 4.0, 6.0),
        (-3.0, 0.5, -1.0),
        (-0.25, 10.0, 4.75),
        (-4.0, 1.0, 1.0),
    ],
    mistakes=WRONG_STEPS,
    compared_with="four parabolas",
)
