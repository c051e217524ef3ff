"""Exercise 1.3: a rule for a / b."""

from helpers.autograd.scalar import Value, walk_backward
from helpers.exercises.exercise import Exercise, Mistake, faulty


def divide(a, b):
    """Divide two Values; the slopes are 1 / b and -a / b²."""
    derivatives = (1 / b.data, -a.data / b.data**2)
    return Value(a.data / b.data, (a, b), derivatives, "/")


def _divide(sign=-1, power=2, above=True, exchanged=False, along_a="1/b"):
    """A division with slips in its two local derivatives."""

    def divide(a, b):
        slope = sign * (a.data if above else 1.0) / b.data**power
        first = {"1/b": 1 / b.data, "b": b.data, "1": 1.0}[along_a]
        derivatives = (slope, first) if exchanged else (first, slope)
        return Value(a.data / b.data, (a, b), derivatives, "/")

    return divide


def _as_a_product(a, b):
    return Value(a.data / b.data, (a, b), (b.data, a.data), "/")


FAULTS = (
    (
        {"sign": 1},
        "The slope along b has the wrong sign: a larger divisor makes a smaller "
        "quotient.",
    ),
    (
        {"power": 1},
        "The slope along b lacks a factor 1/b: the derivative of b to the power -1 is "
        "-1 times b to the power -2.",
    ),
    (
        {"above": False},
        "The slope along b lacks the factor a: a / b is a times 1/b, and a stays in "
        "front when b moves.",
    ),
    (
        {"exchanged": True},
        "The two derivatives are right and stand in the wrong order: the first belongs "
        "to the first input, a.",
    ),
    (
        {"along_a": "b"},
        "The slope along a is upside down: hold b still, and a / b is a times 1/b.",
    ),
    (
        {"along_a": "1"},
        "The slope along a is not 1: hold b still, and a / b is a times 1/b.",
    ),
)
WRONG_DIVISIONS = (
    *faulty(_divide, FAULTS),
    Mistake(
        _as_a_product,
        "These are the derivatives of a product. For a / b, hold b still first: the "
        "slope along a is 1/b.",
    ),
    Mistake(
        lambda a, b: a / b,
        "The slopes are right, and the helpers derived them. Build the Value yourself: "
        "Value(quotient, (a, b), (slope along a, slope along b)).",
    ),
    Mistake(
        lambda a, b: Value(a.data / b.data, (a,), (1 / b.data,), "/"),
        "The inputs are two, and b is not among them: no gradient gets there. Give "
        "(a, b), with a derivative for each.",
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
        "made of a and b alone": set(quotient.inputs) <= {a, b},
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
    build=_divide,
    faults=FAULTS,
    compared_with="the derivatives of a / b at three places",
)
