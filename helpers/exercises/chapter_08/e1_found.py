"""Exercise 8.1: how many parameters a module finds."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

READINGS = {"a": 2, "b": 0, "c": 4, "d": 0, "e": 2, "f": 2, "g": 0}

ONE_LAYER = "a: a linear layer holds two tensors, its weight and its bias."
A_LIST = (
    "b: the value that is assigned is a list, which is neither Parameter nor Module. "
    "Nobody looks inside: none is found."
)
MODULE_LIST = (
    "c: a ModuleList is a module, so what it holds is registered: two layers with two "
    "tensors each."
)
PLAIN_TENSOR = (
    "d: requires_grad makes a leaf, not a Parameter. The tensor gets gradients, and "
    "no optimizer hears of it."
)
BATCH_NORM = (
    "e: its weight and bias are parameters. The running mean, the running variance "
    "and the count of batches are buffers."
)
TWO_NAMES = (
    "f: one layer under two names. The walk remembers what it has met, so its two "
    "tensors count once."
)
CONVERTED = (
    "g: double() is an operation: its result is a plain tensor with a history, no "
    "Parameter. Convert first, then wrap."
)
WRONG_READINGS = (
    {0: ONE_LAYER, 1: ONE_LAYER, 4: ONE_LAYER},
    {1: A_LIST, 2: A_LIST, 4: A_LIST},
    {0: MODULE_LIST, 1: MODULE_LIST, 2: MODULE_LIST},
    {1: PLAIN_TENSOR, 2: PLAIN_TENSOR},
    {0: BATCH_NORM, 4: BATCH_NORM, 5: BATCH_NORM},
    {0: TWO_NAMES, 1: TWO_NAMES, 4: TWO_NAMES},
    {1: CONVERTED, 2: CONVERTED},
)

EXERCISE = Exercise(
    number="8.1",
    title="What is found?",
    solution=READINGS,
    cases=lambda: [()],
    mistakes=wrong_readings(READINGS, WRONG_READINGS),
    compared_with="torch.nn.Module, case by case",
)
