"""Exercise 0.2: the orders of four lines that train."""

from itertools import permutations

from helpers.exercises.exercise import Exercise, Mistake, faulty

LINES = ("zero_grad", "forward", "backward", "step")


def trains(order):
    """Say whether a loop with its lines in this order trains as the standard one."""
    clear, forward, backward, step = (order.index(line) for line in LINES)
    return forward < backward < step and not backward < clear < step


CLEARINGS = {
    "right": lambda clear, backward, step: not backward < clear < step,
    "first": lambda clear, backward, step: clear == 0,
    "anywhere": lambda clear, backward, step: True,
    "before backward": lambda clear, backward, step: clear < backward,
    "last": lambda clear, backward, step: clear == 3,
    "first or last": lambda clear, backward, step: clear in (0, 3),
    "between": lambda clear, backward, step: backward < clear < step,
}


def _trains(clearing="right", forward_first=True, step_last=True):
    """The test with one of its conditions replaced or left out."""

    def trains(order):
        clear, forward, backward, step = (order.index(line) for line in LINES)
        forward_fits = forward < backward or not forward_first
        step_fits = backward < step or not step_last
        return forward_fits and step_fits and CLEARINGS[clearing](clear, backward, step)

    return trains


def _rotated(order):
    return any(trains(order[turn:] + order[:turn]) for turn in range(4))


FAULTS = (
    (
        {"clearing": "first"},
        "You ask zero_grad to stand first. It only has to be gone from between "
        "backward and step: after step, or after forward, it clears just as well.",
    ),
    (
        {"clearing": "before backward"},
        "You want zero_grad before backward. After step it clears just as well, for "
        "the next batch.",
    ),
    (
        {"clearing": "last"},
        "You want zero_grad last. Before backward it clears just as well.",
    ),
    (
        {"clearing": "first or last"},
        "You want zero_grad first or last. Between forward and backward it clears just "
        "as well: forward reads no gradient.",
    ),
    (
        {"clearing": "anywhere"},
        "You let zero_grad stand between backward and step. There it throws away the "
        "gradient that step is about to read, and the parameters never move.",
    ),
    (
        {"clearing": "between"},
        "You want zero_grad between backward and step. There it throws away the "
        "gradient that step is about to read: everywhere else it is right.",
    ),
    (
        {"step_last": False},
        "You let step stand before backward. step computes no gradient, it reads the "
        "one it finds: before backward that is the last batch's, or none.",
    ),
    (
        {"forward_first": False},
        "You let backward stand before forward. It would start from the loss of the "
        "last batch, whose graph is used up; on the first batch there is no loss.",
    ),
)
WRONG_ORDERS = (
    *faulty(_trains, FAULTS),
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
    build=_trains,
    faults=FAULTS,
    compared_with="training in all 24 orders",
)
