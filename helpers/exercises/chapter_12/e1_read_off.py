"""Exercise 12.1: what a secant and a pair of vectors say."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

READINGS = {"curvature": 2.0, "next place": 4.0, "rho": 0.125, "gamma": 0.4}

UPSIDE_DOWN = (
    "Your curvature is upside down. It is the change of the slope, 4, for each unit of "
    "the way, 2. The inverse is what B stands for."
)
NOT_DIVIDED = (
    "4 is the change of the slope over the whole way. The curvature is the change for "
    "each unit: divide by s = 2."
)
SIGN = (
    "The slopes go from -6 up to -2: the change is +4 on a way of +2, so the curvature "
    "is positive."
)
MULTIPLIED = (
    "You multiply the slope by the curvature. A Newton step divides: -(-2) / 2 is a "
    "step of 1."
)
NO_CURVATURE = (
    "You go by the whole slope, a gradient step with a rate of 1. Divide it by the "
    "curvature, 2."
)
UPHILL = "The slope at 3 is negative, so downhill is to the right. The sign is turned."
FROM_OLD = (
    "The step of 3 is that of the slope -6, which belongs to the old place, 1. From 3 "
    "the slope is -2."
)
THE_STEP = "1 is the step alone. It begins at 3."
INVERSE_ALONE = (
    "You went by 1 / 2, the inverse curvature alone. The step is that times the size "
    "of the slope, 2."
)
THE_PRODUCT = "8 is s · y itself. rho is 1 divided by it."
RHO_OF_Y = "You divide by y · y. In rho stands s · y, which is 8."
RHO_OF_S = "You divide by s · s. In rho stands s · y, which is 8."
NOT_MULTIPLIED = "That is 1 / y · y. Above the line stands s · y, which is 8."
OTHER_SCALE = (
    "That is s · s / s · y, the longer of the two lengths that a pair suggests. "
    "PyTorch's gamma has y · y below the line: 8 / 20."
)
GAMMA_UPSIDE_DOWN = (
    "Your gamma is upside down. It stands for an inverse curvature, s over y: above "
    "the line s · y, below it y · y."
)
A_CURVATURE = (
    "That is s · y / s · s, a curvature. gamma is an inverse one: s · y / y · y."
)
WRONG_READINGS = (
    {0.5: UPSIDE_DOWN, 4.0: NOT_DIVIDED, -2.0: SIGN},
    {
        7.0: MULTIPLIED,
        5.0: NO_CURVATURE,
        2.0: UPHILL,
        6.0: FROM_OLD,
        1.0: THE_STEP,
        3.5: INVERSE_ALONE,
    },
    {8.0: THE_PRODUCT, 0.05: RHO_OF_Y, 0.25: RHO_OF_S},
    {0.5: OTHER_SCALE, 2.5: GAMMA_UPSIDE_DOWN, 2.0: A_CURVATURE, 0.05: NOT_MULTIPLIED},
)


EXERCISE = Exercise(
    number="12.1",
    title="Read off",
    solution=READINGS,
    cases=lambda: [()],
    tolerance=1e-6,
    mistakes=wrong_readings(READINGS, WRONG_READINGS),
    compared_with="the formulas of sections 2, 3 and 6",
)
