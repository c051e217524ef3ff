"""Exercise 1.3: a rule for a / b."""

from helpers.autograd.scalar import Value, walk_backward
from helpers.exercises.exercise import Exercise, Mistake


def divide(a, b):
    """Divide two Values; the slopes are 1 / b and -a / b²."""
    derivatives = (1 / b.data, -a.data / b.data**2)
    return Value(a.data / b.data, (a, b), derivatives, "/")


def _with_derivatives(rule):
    """A division whose local derivatives are `rule(a, b)` of the two numbers."""
    return lambda a, b: Value(a.data / b.data, (a, b), rule(a.data, b.data), "/")


WRONG_DIVISIONS = (
    Mistake(
        _with_derivatives(lambda a, b: (1 / b, a / b**2)),
        "The slope along b has the wrong sign: a larger divisor makes a smaller "
        "quotient.",
    ),
    Mistake(
        _with_derivatives(lambda a, b: (1 / b, -a / b)),
        "The slope along b lacks a factor 1/b: the derivative of b to the power -1 is "
        "-1 times b to the power -2.",
    ),
    Mistake(
        _with_derivatives(lambda a, b: (1 / b, -1 / b**2)),
        "The slope along b lacks the factor a: a / b is a times 1/b, and a stays in "
        "front when b moves.",
    ),
    Mistake(
        _with_derivatives(lambda a, b: (-a / b**2, 1 / b)),
        "The two derivatives are right and stand in the wrong order: the first belongs "
        "to the first input, a.",
    ),
    Mistake(
        _with_derivatives(lambda a, b: (b, a)),
        "These are the derivatives of a product. For a / b, hold b still first: the "
        "slope along a is 1/b.",
    ),
    Mistake(
        lambda a, b: a / b,
        "The slopes are right, and the helpers derived them. Build the Value yourself: "
        "Value(quotient, (a, b), (slope along a, slope along b)).",
    ),
    Mistake(
        lambda a, b: Value(a.data / b.data),
        "The number is right, and it has forgotten a and b: return a Value, with its "
        "inputs and derivatives.",
    ),
)


def _value_and_slopes(answer, a, b):
    """The quotient and the gradients that a walk backward brings to a and b."""
    a, b = Value(a, name="a"), Value(b, name="b")
    quotient = answer(a, b)
    if isinstance(quotient, (int, float)):
        quotient = Value(quotient)  # a plain number: a Value without a past
    arrived = dict(walk_backward(quotient))
    return {
        "made in one operation": set(quotient.inputs) in ({a, b}, set()),
        "data": quotient.data,
        "slope along a": arrived.get(a, 0.0),
        "slope along b": arrived.get(b, 0.0),
    }


EXERCISE = Exercise(
    number="1.3",
    title="A rule of your own",
    solution=divide,
    cases=lambda: [(6.0, 3.0), (-1.0, 4.0), (2.5, -0.5)],
    probe=_value_and_slopes,
    mistakes=WRONG_DIVISIONS,
    compared_with="the derivatives of a / b at three places",
)
