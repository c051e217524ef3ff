"""Chapter 02, tensors: its exercises, their solutions and known mistakes.

With this package one can: go through the exercises in order (`EXERCISES`).
"""

from helpers.exercises.chapter_02 import (
    descend,
    fooled,
    leaves,
    scale_gradient,
    softmax,
    sum_back,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (leaves, descend, sum_back, softmax, scale_gradient, fooled)
)
