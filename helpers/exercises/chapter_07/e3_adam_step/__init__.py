"""Exercise 7.3: one step of Adam, with L2 or with decoupled decay."""

from helpers.exercises.chapter_07.e3_adam_step.exercise import EXERCISE

__all__ = ["EXERCISE"]
