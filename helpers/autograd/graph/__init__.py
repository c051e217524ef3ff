"""The graph of recorded operations, and the hooks that hang on it."""

from helpers.autograd.graph.node import AccumulateGrad, Node, Slot

__all__ = ["AccumulateGrad", "Node", "Slot"]
