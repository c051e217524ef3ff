"""Exercise 5.3: a parameter group for each layer, with a rate by its depth."""

from helpers.exercises.chapter_05.e3_layer_rates.exercise import EXERCISE

__all__ = ["EXERCISE"]
