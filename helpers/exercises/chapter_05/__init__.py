"""Chapter 05, optimizer: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_05 import (
    audit,
    joining,
    momentum,
    rates,
    read_off,
    update,
)

EXERCISES = tuple(
    module.EXERCISE for module in (read_off, update, rates, momentum, audit, joining)
)
