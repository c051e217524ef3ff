"""Exercise 5.3: the step of an optimizer that keeps state for each parameter."""

from helpers.exercises.chapter_05.e3_momentum.exercise import EXERCISE

__all__ = ["EXERCISE"]
