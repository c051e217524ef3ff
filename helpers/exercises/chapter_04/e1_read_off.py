"""Exercise 4.1: what stands in .grad, and in a name that was kept."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.shared_readings import wrong_readings

READINGS = {
    "1: w.grad": 8,
    "2: kept": 6,
    "3: w.grad": 2,
    "3: kept": 6,
}

OVERWRITTEN = (
    "You let the second backward overwrite the first. It adds: 6 from w·w, and 2 from "
    "2·w on top."
)
AT_ONE = (
    "The slope of w·w at w = 3 is 6, two times w. Add the 2 of the second call to it."
)
KEPT_AS_COPY = (
    "`kept = w.grad` copies nothing. Both names hold one array: zero_() and the next "
    "backward write into it."
)
NEVER_CLEARED = (
    "zero_() has written a zero into the array before the third call, and the third "
    "call adds its 6 to that zero."
)
NOT_REPLACED = (
    "Setting w.grad to None lets go of the array. The last call starts a new one, and "
    "adds to nothing that was there before."
)
KEPT_IS_GONE = (
    "None is given to w.grad, not to the array. Whoever kept the array still holds it, "
    "with the numbers it had."
)
KEPT_GROWS_ON = (
    "After `w.grad = None` the two names part: the last call writes to a new array, "
    "and the kept one stays as it was."
)
WRONG_READINGS = (
    {2: OVERWRITTEN, 6: AT_ONE, 5: AT_ONE, 4: AT_ONE},
    {0: KEPT_AS_COPY, 8: KEPT_AS_COPY, 14: NEVER_CLEARED},
    {8: NOT_REPLACED, 16: NOT_REPLACED},
    {
        0: KEPT_IS_GONE,
        None: KEPT_IS_GONE,
        8: KEPT_GROWS_ON,
        2: KEPT_GROWS_ON,
        14: NEVER_CLEARED,
    },
)


EXERCISE = Exercise(
    number="4.1",
    title="Read off",
    solution=READINGS,
    cases=lambda: [()],
    mistakes=wrong_readings(READINGS, WRONG_READINGS),
    compared_with="the engine, line by line",
)
