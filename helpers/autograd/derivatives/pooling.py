"""Pooling: the largest or the average of each window."""
