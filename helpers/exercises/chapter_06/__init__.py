"""Chapter 06, SGD: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_06 import (
    buffers,
    dampened,
    limits,
    papers_place,
    schedule,
    whole_step,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (limits, buffers, dampened, papers_place, schedule, whole_step)
)
