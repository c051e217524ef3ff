"""Normalisation layers, embedding and dropout."""
