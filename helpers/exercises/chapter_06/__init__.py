"""Exercises of chapter 06, SGD."""
