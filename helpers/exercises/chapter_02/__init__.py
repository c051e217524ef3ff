"""Exercises of chapter 02, tensors."""
