"""Exercises of chapter 11, closures."""
