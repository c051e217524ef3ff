"""Layers: the modules that networks are put together from, a family a file."""
