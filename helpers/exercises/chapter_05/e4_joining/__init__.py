"""Exercise 5.4: add_param_group, with defaults filled in."""

from helpers.exercises.chapter_05.e4_joining.exercise import EXERCISE

__all__ = ["EXERCISE"]
