"""Chapter 01, scalars: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_01 import by_hand, divide, order, slope, walk

EXERCISES = tuple(module.EXERCISE for module in (by_hand, slope, divide, order, walk))
