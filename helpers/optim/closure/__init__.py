"""Closures: how they are called, and what can be wrong with one."""
