"""Exercise 6.1: the largest stable rate of four ways to step."""

from helpers.exercises.exercise import Exercise, Mistake
from helpers.exercises.shared_readings import wrong_readings

LIMITS = {"plain": 0.2, "momentum": 0.3, "dampened": 0.6, "nesterov": 0.15}

GENTLE = (
    "You took the gentle axis, curvature 2. Every axis has to shrink, and the steep "
    "one, with 10, leaves first."
)
MIDDLE = (
    "You took a mean of the two curvatures. Each axis has a limit of its own, and the "
    "steepest decides."
)
BEST = (
    "lr = 1 / h is the plain step that arrives at once. It diverges from twice that "
    "on, where the factor 1 - lr·h reaches -1."
)
SUM_ON_A_SLOPE = (
    "You divide by 1 / (1 - μ), momentum's worth on a steady slope. At the limit the "
    "gradient changes its sign at each step and the sum stays small: momentum raises "
    "the limit."
)
WORTH_UPWARDS = (
    "You multiply by 1 / (1 - μ), momentum's worth on a steady slope. The limit comes "
    "from an eigenvalue of -1, and grows by the factor 1 + μ."
)
NO_MOMENTUM = "That is the plain step's limit. An eigenvalue reaches -1 elsewhere."
NOT_DAMPENED = (
    "That is the limit without dampening. Only the share 1 - d of each gradient gets "
    "in, so the rate may be larger."
)
DAMPENED_DOWN = (
    "You multiply by 1 - d. The gradient is multiplied by it: lr·h·(1 - d) has a "
    "limit, so lr is divided by it."
)
AS_HEAVY = (
    "That is the heavy ball's limit. Nesterov's gradient counts 1 + μ times, and its "
    "matrix is another one: divide by 1 + 2μ."
)
GRADIENT_TWICE = (
    "You divide the limit 2 by 1 + μ alone. The gradient of the step before is taken "
    "back μ times, so it is 2·(1 + μ) / (1 + 2μ)."
)
FOR_CURVATURE_1 = "That is the limit for lr·h. Divide it by the curvature."
WRONG_LIMITS = (
    {1.0: GENTLE, 2 / 6: MIDDLE, 0.1: BEST, 2.0: FOR_CURVATURE_1},
    {
        1.5: GENTLE,
        0.5: MIDDLE,
        0.1: SUM_ON_A_SLOPE,
        0.4: WORTH_UPWARDS,
        0.2: NO_MOMENTUM,
        3.0: FOR_CURVATURE_1,
    },
    {3.0: GENTLE, 1.0: MIDDLE, 0.3: NOT_DAMPENED, 0.15: DAMPENED_DOWN},
    {0.75: GENTLE, 0.3: AS_HEAVY, 0.2: NO_MOMENTUM, 2 / 15: GRADIENT_TWICE},
)


def _all_wrong():
    """Every reading taken from the same wrong axis, or left for a curvature of 1."""
    readings = list(LIMITS.values())
    for factor, message in ((5, GENTLE), (10 / 6, MIDDLE), (10, FOR_CURVATURE_1)):
        values = [factor * value for value in readings]
        yield Mistake(dict(zip(LIMITS, values, strict=True)), message)


EXERCISE = Exercise(
    number="6.1",
    title="Four limits",
    solution=LIMITS,
    cases=lambda: [()],
    mistakes=(*_all_wrong(), *wrong_readings(LIMITS, WRONG_LIMITS)),
    compared_with="the eigenvalues of four companion matrices",
)
