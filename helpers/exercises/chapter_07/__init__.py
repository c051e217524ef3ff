"""Exercises of chapter 07, adaptive methods."""
