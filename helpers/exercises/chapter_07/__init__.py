"""Chapter 07, adaptive methods: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_07 import (
    adam_step,
    corrected,
    cycle,
    first_step,
    rmsprop_step,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (first_step, rmsprop_step, corrected, adam_step, cycle)
)
