"""Exercises of chapter 05, optimizer."""
