"""Exercises of chapter 03, backward."""
