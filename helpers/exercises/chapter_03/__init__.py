"""Chapter 03, backward: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_03 import (
    alarm,
    hessian,
    owners,
    raising,
    two_heads,
)

EXERCISES = tuple(
    module.EXERCISE for module in (raising, two_heads, owners, hessian, alarm)
)
