"""Exercises of chapter 08, networks."""
