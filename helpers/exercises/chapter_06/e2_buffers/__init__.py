"""Exercise 6.2: momentum for a list of parameters, a buffer for each."""

from helpers.exercises.chapter_06.e2_buffers.exercise import EXERCISE

__all__ = ["EXERCISE"]
