"""Exercise 14.1: the calls and the bytes of a step with decay and Nesterov."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

COUNTS = {"loop": 50, "lists": 5, "flat": 5, "bytes": 56, "fused": 20}

WRONG = (
    {
        40: "loop: four lines, and five calls: mul_ and add_ share a line.",
        5: "loop: those are the calls for one tensor; there are ten.",
        4: "loop: you count lines. Count calls, for each of ten tensors.",
        30: "loop: that is plain momentum, of three calls. Here are two `add` more.",
    },
    {
        50: "lists: a call on a list is one call, however long the list is.",
        4: "lists: mul_ and add_ share a line and are two calls on lists as well.",
        1: "lists: that would be one fused kernel; here each operation is a call.",
        3: "lists: plain momentum has three. Here are two `add` more.",
    },
    {
        50: "flat: one tensor instead of ten needs a tenth of the calls.",
        1: "flat: one tensor, and still five operations on it.",
        4: "flat: mul_ and add_ share a line and are two calls.",
        3: "flat: plain momentum has three. Here are two `add` more.",
    },
    {
        14: "bytes: 14 numbers are right, and each has four bytes.",
        32: "bytes: that is plain momentum. Each `add` reads two numbers, writes one.",
        48: "bytes: an `add` without underscore writes as well: into a new tensor.",
        36: "bytes: you count what is read. What is written travels too.",
        20: "bytes: that is what a fused kernel moves. Each call reads and writes.",
        44: "bytes: one of the two `add` is missing: 12 bytes.",
    },
    {
        5: "fused: five numbers are right, and each has four bytes.",
        12: "fused: that is what is read. p and the buffer are written too.",
        16: "fused: three are read, p, grad and buffer, and two are written.",
        56: "fused: what one operation hands to the next need not go to memory.",
        24: "fused: nobody reads the changed grad later, so it is not written.",
    },
)

EXERCISE = Exercise(
    number="14.1",
    title="Count",
    solution=COUNTS,
    cases=lambda: [()],
    mistakes=wrong_readings(COUNTS, WRONG),
    compared_with="what a counter of PyTorch's calls finds",
)
