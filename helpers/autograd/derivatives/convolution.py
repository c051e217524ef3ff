"""Convolutions, and sliding windows."""
