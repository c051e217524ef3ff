"""Chapter 04, zero_grad: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_04 import (
    clearing,
    groups,
    parts,
    rates,
    read_off,
    swing,
)

EXERCISES = tuple(
    module.EXERCISE for module in (read_off, clearing, swing, parts, groups, rates)
)
