"""Exercise 6.4: the whole step of SGD, with all its terms."""

from helpers.exercises.chapter_06.e4_whole_step.exercise import EXERCISE

__all__ = ["EXERCISE"]
