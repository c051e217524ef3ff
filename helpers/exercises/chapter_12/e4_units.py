"""Exercise 12.4: gamma in other units."""

from helpers.exercises.exercise import Exercise, Mistake


def gamma_elsewhere(gamma, a, c):
    """The gamma of the same pair, parameters `a` times as large, loss `c` times."""
    return gamma * a**2 / c


def _wrong(formula, message):
    """A mistake from a formula of gamma, a and c."""

    def gamma_elsewhere(gamma, a, c):
        return formula(gamma, a, c)

    return Mistake(gamma_elsewhere, message)


WRONG_GAMMAS = (
    _wrong(
        lambda gamma, a, c: gamma,
        "gamma has units: length times length, over loss. It changes with both.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a / c,
        "Only one of two lengths. s is a times as large, and y, loss per length, is a "
        "times smaller: s over y has a twice.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a**2 * c,
        "A larger loss makes larger gradients, and the step must stay the same: gamma "
        "is divided by c.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * c / a**2,
        "Upside down: that is how a curvature changes. gamma is an inverse one.",
    ),
    _wrong(
        lambda gamma, a, c: gamma / (a**2 * c),
        "The lengths are upside down. s is a times as large, and y is a times smaller.",
    ),
    _wrong(
        lambda gamma, a, c: gamma / c,
        "You left out that the parameters have changed. s is a times as large, and y, "
        "loss per length, is a times smaller.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a**2,
        "You left out that the loss has changed: y is c times as large.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a**2 / c**2,
        "Above the line s · y has c once, below it y · y has c twice. One is left.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a**4 / c,
        "The lengths cancel in s · y: s is a times as large, and y a times smaller. "
        "What is left is the a twice in y · y, below the line.",
    ),
    _wrong(
        lambda gamma, a, c: gamma / (a * c),
        "That would be gamma if s stayed and y grew by a. It is s that grows; y, loss "
        "per length, becomes smaller.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a * c,
        "Two things: the loss stands below the line, since a larger loss makes larger "
        "gradients; and of the length there are two.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * c,
        "A larger loss makes larger gradients, so gamma is divided by c; and the "
        "parameters have changed as well.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * (c / a) ** 2,
        "That is how y · y changes. In gamma it stands below the line, and s · y, "
        "which is c times as large, above it.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * c / a,
        "That is how y changes. gamma is s over y: divide how s changes by it.",
    ),
    _wrong(
        lambda gamma, a, c: gamma / a**2,
        "The lengths are upside down: s is a times as large, and y is a times smaller. "
        "And the loss has changed as well.",
    ),
    _wrong(
        lambda gamma, a, c: a**2 / c,
        "That is the factor alone. Multiply the old gamma by it.",
    ),
    _wrong(
        lambda gamma, a, c: gamma * a,
        "You left out that the loss has changed; and s over y has the length twice.",
    ),
)

EXERCISE = Exercise(
    number="12.4",
    title="Other units",
    solution=gamma_elsewhere,
    cases=lambda: [(0.4, 10.0, 1.0), (0.4, 1.0, 100.0), (2.0, 3.0, 0.5)],
    mistakes=WRONG_GAMMAS,
    compared_with="the pairs of three functions in other units",
)
