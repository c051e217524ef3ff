"""Exercise 16.3: the lowest loss that three mistakes leave."""

import math

from helpers.exercises.exercise import Exercise, Mistake, faulty

BOTH = (math.log(1 + math.exp(-1)) + math.log(2)) / 2


def lowest(kind, classes):
    """The lowest mean loss that any model can reach."""
    return build()(kind, classes)


def build(
    softmax=lambda classes: math.log(math.e + classes - 1) - 1,
    sigmoid=lambda: BOTH,
    constant=math.log,
):
    """The solution with some of its parts exchanged."""

    def lowest(kind, classes):
        if kind == "softmax":
            return softmax(classes)
        return sigmoid() if kind == "sigmoid" else constant(classes)

    return lowest


FAULTS = (
    (
        {"softmax": lambda classes: math.log(math.e + classes - 1)},
        "softmax: that is the logarithm of the sum. The right class's own logit, 1, is "
        "taken off it.",
    ),
    (
        {"softmax": lambda classes: math.log(math.e + classes) - 1},
        "softmax: you count one class too many. The right one has e, each of the "
        "others 1.",
    ),
    (
        {"softmax": lambda classes: math.log(math.e + 2) - 1},
        "softmax: that is the floor of three classes. With `classes` of them there are "
        "classes - 1 others.",
    ),
    (
        {"softmax": math.log},
        "softmax: that is the loss of equal shares. A second softmax leaves some "
        "difference: 1 against 0.",
    ),
    (
        {"softmax": lambda classes: 0.0},
        "softmax: 0 would need a logit far above the others. After a softmax none is "
        "above 1.",
    ),
    (
        {"sigmoid": lambda: math.log(1 + math.exp(-1))},
        "sigmoid: that is the half whose target is 1. Where it is 0, the best output "
        "is 0, and its sigmoid one half.",
    ),
    (
        {"sigmoid": lambda: math.log(2)},
        "sigmoid: that is the half whose target is 0. Where it is 1, the output may be "
        "1 as well.",
    ),
    (
        {"sigmoid": lambda: 2 * BOTH},
        "sigmoid: you add the two halves. The loss is their mean.",
    ),
    (
        {"sigmoid": lambda: 0.0},
        "sigmoid: after a sigmoid the outputs lie between 0 and 1. 0 would need larger "
        "ones, and negative ones.",
    ),
    (
        {"constant": lambda classes: 1 - 1 / classes},
        "constant: that is the share that is guessed wrong. The loss is a logarithm.",
    ),
    (
        {"constant": math.log2},
        "constant: you take the logarithm to base 2. PyTorch's losses take the natural "
        "one.",
    ),
)

MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        lambda kind, classes: -lowest(kind, classes),
        "Your losses are negative: the loss is minus the logarithm of a probability.",
    ),
)

EXERCISE = Exercise(
    number="16.3",
    title="Three floors",
    solution=lowest,
    cases=lambda: [
        (kind, classes)
        for kind in ("softmax", "sigmoid", "constant")
        for classes in (2, 5, 10)
    ],
    mistakes=MISTAKES,
    compared_with="the loss at the best outputs that there are",
    tolerance=1e-6,
    build=build,
    faults=FAULTS,
)
