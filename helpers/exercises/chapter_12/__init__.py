"""Exercises of chapter 12, LBFGS."""
