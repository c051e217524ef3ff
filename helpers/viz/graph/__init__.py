"""Computation graphs, read from any engine and drawn from inputs to result."""

from helpers.viz.graph.draw import draw_graph
from helpers.viz.graph.read import graph_of

__all__ = ["draw_graph", "graph_of"]
