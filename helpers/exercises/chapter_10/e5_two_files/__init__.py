"""Exercise 10.5: two files that belong together, and one that names them."""

from helpers.exercises.chapter_10.e5_two_files.exercise import EXERCISE

__all__ = ["EXERCISE"]
