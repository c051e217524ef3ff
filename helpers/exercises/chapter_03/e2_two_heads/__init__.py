"""Exercise 3.2: two losses over shared features, and one graph to walk."""

from helpers.exercises.chapter_03.e2_two_heads.exercise import EXERCISE

__all__ = ["EXERCISE"]
