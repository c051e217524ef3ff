"""Exercises of chapter 00, the five lines."""
