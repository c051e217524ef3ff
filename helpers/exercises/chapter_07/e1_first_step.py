"""Exercise 7.1: how long the first step of each method is."""

from helpers.exercises.exercise import Exercise, Mistake
from helpers.exercises.shared_readings import wrong_readings

FIRST = {"SGD": 25.0, "Adagrad": 0.1, "RMSprop": 1.0, "Adam": 0.1}

NOT_DIVIDED = "SGD divides by nothing: its step is lr times the gradient, 0.1 · 250."
AS_A_SUM = (
    "Adagrad's first sum is the one square, and its root is the gradient's size: "
    "gradient and root cancel, and lr is left."
)
TEN_TIMES = (
    "RMSprop's mean begins at zero, and alpha is 0.99: after one step it holds a "
    "hundredth of the square. What is the root of a hundredth?"
)
NO_ROOT = (
    "You divide RMSprop's gradient by a hundredth of its size. The hundredth stands "
    "under the root, and comes out as a tenth."
)
SHORTER = (
    "A mean that is too small makes RMSprop's step too long. You made it shorter: the "
    "root stands below the line."
)
CORRECTED = (
    "That is Adam without its correction: 0.1 above the line, and below it the root of "
    "0.001. Both means are divided by how full they are."
)
ABOVE_ONLY = (
    "You leave Adam's mean at a tenth of the gradient. The correction divides it by "
    "1 - 0.9, which makes the gradient of it again."
)
BELOW_ONLY = (
    "You leave Adam's mean square at a thousandth of the square. The correction "
    "divides it by 1 - 0.999."
)
SIZE_CANCELS = (
    "That is SGD's step. The other three divide by a memory of the gradient's size, "
    "and the 250 cancels."
)
GRADIENT = "You left out the learning rate: a step is lr times something."
UNIT = "The size has cancelled, and lr has not: it still multiplies the 1 that is left."
MISSING = "A method is missing: SGD, Adagrad, RMSprop and Adam are asked for."
WRONG_LENGTHS = (
    {0.1: NOT_DIVIDED, 250.0: GRADIENT, 1.0: NOT_DIVIDED},
    {25.0: SIZE_CANCELS, 1.0: UNIT, 0.0004: AS_A_SUM, 0.01: AS_A_SUM},
    {0.1: TEN_TIMES, 25.0: SIZE_CANCELS, 10.0: NO_ROOT, 0.01: SHORTER},
    {
        10**0.5 / 10: CORRECTED,
        0.32: CORRECTED,
        0.01: ABOVE_ONLY,
        10**0.5: BELOW_ONLY,
        1.0: UNIT,
        25.0: SIZE_CANCELS,
    },
)


WRONG_IN_ALL = (
    Mistake(
        {name: -length for name, length in FIRST.items()},
        "A length is never negative: leave out the sign.",
    ),
    Mistake({name: 10 * length for name, length in FIRST.items()}, GRADIENT),
    Mistake(dict.fromkeys(FIRST, 25.0), SIZE_CANCELS),
    Mistake(
        {"SGD": 0.25, "Adagrad": 0.01, "RMSprop": 0.1, "Adam": 0.001},
        "You took each method's own default rate. Here lr is 0.1 for all.",
    ),
    *(
        Mistake({name: FIRST[name] for name in FIRST if name != missing}, MISSING)
        for missing in FIRST
    ),
)

EXERCISE = Exercise(
    number="7.1",
    title="Read off",
    solution=FIRST,
    cases=lambda: [()],
    mistakes=(*WRONG_IN_ALL, *wrong_readings(FIRST, WRONG_LENGTHS)),
    compared_with="PyTorch's first steps",
    tolerance=1e-3,
)
