"""Exercise 5.6: add_param_group, with defaults filled in."""

from helpers.exercises.chapter_05.e6_joining.exercise import EXERCISE

__all__ = ["EXERCISE"]
