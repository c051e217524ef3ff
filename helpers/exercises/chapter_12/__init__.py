"""Chapter 12, LBFGS: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_12 import (
    by_hand,
    loops,
    promised,
    read_off,
    unit_that_breaks,
    units,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (read_off, by_hand, promised, units, loops, unit_that_breaks)
)
