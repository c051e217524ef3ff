"""Chapter 11, closures: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_11 import (
    backtrack,
    count_questions,
    many_batches,
    next_direction,
    sly_closure,
    two_slopes,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        count_questions,
        many_batches,
        two_slopes,
        backtrack,
        next_direction,
        sly_closure,
    )
)
