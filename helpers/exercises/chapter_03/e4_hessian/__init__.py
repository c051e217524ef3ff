"""Exercise 3.4: the Hessian times a vector, without the Hessian."""

from helpers.exercises.chapter_03.e4_hessian.exercise import EXERCISE

__all__ = ["EXERCISE"]
