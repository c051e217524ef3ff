"""Exercises of chapter 04, zero_grad."""
