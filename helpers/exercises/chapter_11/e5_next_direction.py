"""Exercise 11.5: the next direction of nonlinear conjugate gradients."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def next_direction(gradient, before, direction):
    """Polak and Ribière's direction, with the plus, or the steepest one."""
    beta = gradient @ (gradient - before) / (before @ before)
    new = -gradient + max(beta, 0.0) * direction
    return new if new @ gradient < 0 else -gradient


def _beta(gradient, before, direction):
    return gradient @ (gradient - before) / (before @ before)


def _plus(beta):
    return max(beta, 0.0)


AFRESH = {
    "right": lambda gradient, before, new: -gradient,
    "uphill": lambda gradient, before, new: gradient,
    "before": lambda gradient, before, new: -before,
    "turned": lambda gradient, before, new: -new,
}


def _variant(beta=_beta, plus=_plus, refuses=None, sign=1, last=None, start="right"):
    """The direction with another beta, test, sign or start."""
    refuses = refuses or (lambda new, gradient, before, last: new @ gradient >= 0)

    def next_direction(gradient, before, direction):
        kept = last(before, direction) if last else direction
        new = sign * plus(beta(gradient, before, direction)) * kept - gradient
        afresh = refuses(new, gradient, before, direction)
        return AFRESH[start](gradient, before, new) if afresh else new

    return next_direction


def _uphill(gradient, before, direction):
    return gradient + _plus(_beta(gradient, before, direction)) * direction


def _never(new, gradient, before, last):
    return False


FAULTS = (
    (
        {"start": "turned"},
        "You turn a direction that leads uphill round. To start afresh is to take the "
        "negative gradient.",
    ),
    (
        {"start": "uphill"},
        "Where you start afresh the minus is missing: the gradient itself leads "
        "uphill.",
    ),
    (
        {"start": "before"},
        "Where you start afresh you take the gradient before. It is the new one.",
    ),
    (
        {"beta": lambda g, g0, d: g @ g / (g0 @ g0)},
        "That is Fletcher and Reeves' rule: the new gradient times itself. Polak and "
        "Ribière multiply by its change.",
    ),
    (
        {"plus": lambda beta: beta},
        "The plus is missing: where beta is below 0 it is taken as 0.",
    ),
    (
        {"plus": abs},
        "You take the size of beta. Where it is below 0 the last direction is of no "
        "use, and beta is 0.",
    ),
    (
        {"beta": lambda g, g0, d: g @ (g0 - g) / (g0 @ g0)},
        "The change is turned round: new gradient less the one before.",
    ),
    (
        {"beta": lambda g, g0, d: g @ (g - g0) / (g @ g)},
        "You divide by the new gradient's square. It is the square of the one before.",
    ),
    (
        {"beta": lambda g, g0, d: g0 @ (g - g0) / (g0 @ g0)},
        "You multiply the change by the gradient before. It is the new one.",
    ),
    (
        {"beta": lambda g, g0, d: g @ (g - g0) / (d @ (g - g0))},
        "That is Hestenes and Stiefel's rule, with the plus: it divides by the "
        "direction times the change.",
    ),
    (
        {"beta": lambda g, g0, d: (g - g0) @ (g - g0) / (g0 @ g0)},
        "You multiply the change by itself. It is the new gradient times its change.",
    ),
    (
        {"beta": lambda g, g0, d: g @ (g - g0) / g0.norm()},
        "You divide by the length of the gradient before. It is the length squared.",
    ),
    (
        {
            "beta": lambda g, g0, d: g * (g - g0) / (g0 * g0),
            "plus": lambda beta: beta.clamp(min=0),
        },
        "Your beta is a vector: `*` multiplies number by number. A product of two "
        "vectors is one number, `@`.",
    ),
    (
        {"beta": lambda g, g0, d: g @ (g - g0) / (d @ d)},
        "You divide by the square of the last direction. It is that of the gradient "
        "before.",
    ),
    (
        {"refuses": lambda new, g, g0, d: new @ d >= 0},
        "You test against the last direction. Whether the new one leads downhill is "
        "decided by the gradient.",
    ),
    (
        {"refuses": _never},
        "You never start afresh: one of the directions here leads uphill, and no "
        "search finds a step along it.",
    ),
    (
        {"refuses": lambda new, g, g0, d: new @ g < 0},
        "Your test is turned round: a direction leads downhill where its product with "
        "the gradient is below 0, and then it is kept.",
    ),
    (
        {"refuses": lambda new, g, g0, d: new @ g0 >= 0},
        "You test against the gradient before. Whether it leads downhill is decided "
        "by the new one.",
    ),
    (
        {"refuses": lambda new, g, g0, d: d @ g >= 0},
        "You test the last direction. The new one has to lead downhill.",
    ),
    (
        {"last": lambda before, direction: before},
        "You add a share of the gradient before. It is a share of the last direction.",
    ),
    (
        {"sign": -1},
        "You take a share of the last direction away. It is added.",
    ),
)
WRONG_DIRECTIONS = (
    *faulty(_variant, FAULTS),
    Mistake(
        lambda gradient, before, direction: -gradient,
        "You always start afresh: that is steepest descent. A direction that leads "
        "downhill is kept.",
    ),
    Mistake(
        _uphill,
        "The minus at the gradient is missing: your direction leads uphill.",
    ),
)


def _vectors(*rows):
    return tuple(torch.tensor(row, dtype=torch.float64) for row in rows)


EXERCISE = Exercise(
    number="11.5",
    title="The next direction",
    solution=next_direction,
    cases=lambda: [
        _vectors((1.0, 2.0, -1.0), (2.0, -1.0, 0.5), (-2.0, 1.0, -1.0)),
        _vectors((1.0, 1.0), (3.0, 2.0), (-3.0, -2.5)),
        _vectors((2.0, 1.0), (-1.0, 0.5), (2.0, 1.0)),
        _vectors((3.0, 2.5), (0.5, 0.0), (-2.0, 3.0)),
        _vectors((-2.5, -2.5, -0.5), (1.0, 0.5, -2.5), (-1.0, 1.0, -1.0)),
        _vectors((1.0, -0.5), (1.0, -1.5), (3.0, 1.5)),
        _vectors((1.0, 2.0), (2.0, 0.0), (-3.0, 1.0)),
        _vectors((1.0, 2.0), (2.0, 0.0), (1.0, 1.0)),
        _vectors((3.0, 0.0, -3.0), (-1.0, 1.0, 0.5), (0.0, 3.0, -1.0)),
        _vectors((0.2, 0.1), (-0.1, 0.05), (0.2, 0.1)),
        _vectors((0.1, 0.2, -0.1), (0.2, -0.1, 0.05), (-0.2, 0.1, -0.1)),
    ],
    mistakes=WRONG_DIRECTIONS,
    build=_variant,
    faults=FAULTS,
    compared_with="torch's products on eleven triples of vectors",
)
