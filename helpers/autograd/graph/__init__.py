"""The graph of recorded operations, and the hooks that hang on it."""

from helpers.autograd.graph.accumulate_grad import AccumulateGrad
from helpers.autograd.graph.node import Node, Slot

__all__ = ["AccumulateGrad", "Node", "Slot"]
