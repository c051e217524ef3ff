"""Exercise 0.2: the orders of four lines that train."""

from itertools import permutations

from helpers.exercises.exercise import Exercise, Mistake

LINES = ("zero_grad", "forward", "backward", "step")


def trains(order):
    """Say whether a loop with its lines in this order trains as the standard one."""
    clear, forward, backward, step = (order.index(line) for line in LINES)
    return forward < backward < step and not backward < clear < step


def _clears_first(order):
    return trains(order) and order[0] == "zero_grad"


def _clears_anywhere(order):
    return order.index("forward") < order.index("backward") < order.index("step")


def _clears_before_backward(order):
    return trains(order) and order.index("zero_grad") < order.index("backward")


def _steps_before_backward(order):
    clear, forward, backward, step = (order.index(line) for line in LINES)
    return forward < backward and not backward < clear < step


def _backward_before_forward(order):
    clear, _, backward, step = (order.index(line) for line in LINES)
    return backward < step and not backward < clear < step


def _rotated(order):
    return any(trains(order[turn:] + order[:turn]) for turn in range(4))


WRONG_ORDERS = (
    Mistake(
        _clears_first,
        "You ask zero_grad to stand first. It only has to be gone from between "
        "backward and step: after step, or after forward, it clears just as well.",
    ),
    Mistake(
        _clears_before_backward,
        "You want zero_grad before backward. After step it clears just as well, for "
        "the next batch.",
    ),
    Mistake(
        _clears_anywhere,
        "You let zero_grad stand between backward and step. There it throws away the "
        "gradient that step is about to read, and the parameters never move.",
    ),
    Mistake(
        _steps_before_backward,
        "You let step stand before backward. step computes no gradient, it reads the "
        "one it finds: before backward that is the last batch's, or none.",
    ),
    Mistake(
        _backward_before_forward,
        "You let backward stand before forward. It would start from the loss of the "
        "last batch, whose graph is used up; on the first batch there is no loss.",
    ),
    Mistake(
        _rotated,
        "You accept rotated orders, as if the loop had no beginning. Their first step "
        "finds no gradient, and their last gradient is never used.",
    ),
)

EXERCISE = Exercise(
    number="0.2",
    title="Which orders are right?",
    solution=trains,
    cases=lambda: [(order,) for order in permutations(LINES)],
    mistakes=WRONG_ORDERS,
    compared_with="training in all 24 orders",
)
