"""Exercises of chapter 09, schedulers."""
