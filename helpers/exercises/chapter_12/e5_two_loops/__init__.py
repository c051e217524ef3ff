"""Exercise 12.5: the two loops of LBFGS."""

from helpers.exercises.chapter_12.e5_two_loops.exercise import EXERCISE

__all__ = ["EXERCISE"]
