"""Exercise 3.1: which changes in place raise an error, and which do not."""

from helpers.exercises.exercise import Exercise, Mistake

RAISING = {
    "y = x * 3; y.add_(1)": False,
    "y = x.exp(); y.add_(1)": True,
    "y = x.exp(); x.add_(1)": False,
    "y = x * x; x.mul_(1)": True,
    "y = x.tanh(); y = y + 1": False,
}

WHY = {
    "y = x * 3; y.add_(1)": (
        "y = x * 3; y.add_(1) raises nothing, though many pages on the web say so. The "
        "slope of x * 3 is 3: neither x nor y was saved, and both may be written to."
    ),
    "y = x.exp(); y.add_(1)": (
        "y = x.exp(); y.add_(1) raises. The slope of exp is exp itself, so the node "
        "saved its result, and the result was changed."
    ),
    "y = x.exp(); x.add_(1)": (
        "y = x.exp(); x.add_(1) raises nothing. exp saved its result, y, and does not "
        "need x any more."
    ),
    "y = x * x; x.mul_(1)": (
        "y = x * x; x.mul_(1) raises. The product saved x, and the version counts "
        "changes in place, not whether a number became another."
    ),
    "y = x.tanh(); y = y + 1": (
        "y = x.tanh(); y = y + 1 raises nothing. Without an underscore a sum is a new "
        "array with an old name; the saved result of tanh is as it was."
    ),
}
ALL_RAISE = (
    "You expect an error wherever something is changed. It raises only if an array "
    "that a node has saved is changed: ask for each line what was saved."
)


WRONG_ANSWERS = (
    Mistake(dict.fromkeys(RAISING, True), ALL_RAISE),
    *(Mistake(RAISING | {line: not RAISING[line]}, WHY[line]) for line in RAISING),
)

EXERCISE = Exercise(
    number="3.1",
    title="Raises or not?",
    solution=RAISING,
    cases=lambda: [()],
    mistakes=WRONG_ANSWERS,
    compared_with="what PyTorch does with the five lines",
)
