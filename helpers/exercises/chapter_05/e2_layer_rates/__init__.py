"""Exercise 5.2: a parameter group for each layer, with a rate by its depth."""

from helpers.exercises.chapter_05.e2_layer_rates.exercise import EXERCISE

__all__ = ["EXERCISE"]
