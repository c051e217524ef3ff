"""Exercises of chapter 01, scalars."""
