"""Exercise 13.1: on which device a result lies, or why there is none."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

CPU, DEVICE, ERROR = "cpu", "device", "error"
WHERE = {"a": DEVICE, "b": ERROR, "c": DEVICE, "d": CPU}
WHERE |= {"e": DEVICE, "f": DEVICE, "g": CPU, "h": CPU}
NUMBER = "A Python number is on no device, and joins any tensor."
MIXED = "Two vectors on two devices are refused: PyTorch copies nothing unasked."
ZERO_DIM = "A 0-dimensional tensor of the CPU counts as a number and may join."
COPY = "`to` of a tensor makes a copy, and x = is missing: x itself is as it was."
MODULE = "`to` of a module changes the module: no assignment is needed."
LIKE = "zeros_like takes shape, dtype and device from its argument."
SHAPE = "A shape has no device: without device= the zeros are made on the CPU."
COUNT = "Python reads the count at each step, so Adam keeps it on the CPU."

WRONG = (
    {ERROR: f"a: {NUMBER}", CPU: f"a: {NUMBER} The result is where d is."},
    {DEVICE: f"b: {MIXED}", CPU: f"b: {MIXED}"},
    {ERROR: f"c: {ZERO_DIM}", CPU: f"c: {ZERO_DIM} The result is where d is."},
    {DEVICE: f"d: {COPY}", ERROR: f"d: No error. {COPY}"},
    {CPU: f"e: {MODULE}", ERROR: f"e: {MODULE}"},
    {CPU: f"f: {LIKE}", ERROR: f"f: {LIKE}"},
    {DEVICE: f"g: {SHAPE}", ERROR: f"g: {SHAPE}"},
    {DEVICE: f"h: {COUNT}", ERROR: f"h: The step works. {COUNT}"},
)

EXERCISE = Exercise(
    number="13.1",
    title="Where is it?",
    solution=WHERE,
    cases=lambda: [()],
    mistakes=wrong_readings(WHERE, WRONG),
    compared_with="the same lines on a device beside the CPU",
)
