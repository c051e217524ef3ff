"""Chapter 00, the five lines: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_00 import calls, orders, ownership, repair, sgd_step

EXERCISES = tuple(
    module.EXERCISE for module in (calls, orders, sgd_step, ownership, repair)
)
