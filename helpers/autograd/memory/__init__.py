"""Tensors that share memory: views, and changes in place."""
