"""Where the boxes and arrows of a graph go: layers from left to right.

With this module one can: give each node its layer (`layers_of`), and place boxes so
that arrows run left to right, few of them cross, and none runs through a box
(`arrange`). An arrow that skips layers gets a bend in each of them, which takes room
like a box. Nodes are numbers here: 0, 1, 2, ...

Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system
structures", 1981: layers, then order within layers, then coordinates.
"""

from collections.abc import Sequence
from typing import NamedTuple

import networkx

from helpers.viz.graph_order import ordered
from helpers.viz.graph_spacing import straightened

BEND_HEIGHT = 6.0


class Box(NamedTuple):
    """A rectangle by its left edge, its vertical middle, and its size."""

    left: float
    middle: float
    width: float
    height: float


class Arrangement(NamedTuple):
    """Boxes by node, and for each edge the corners of its way, in the same units."""

    boxes: dict[int, Box]
    routes: dict[tuple[int, int], list[tuple[float, float]]]
    width: float
    height: float


def layers_of(graph: networkx.DiGraph) -> dict:
    """The layer of each node: 1 + the longest way from an input; inputs close by.

    A node without inputs stands one layer before the first node that uses it.

    >>> layers_of(networkx.DiGraph([("x", "y"), ("y", "z"), ("w", "z")]))
    {'x': 0, 'w': 1, 'y': 1, 'z': 2}

    Used by `arrange`.
    """
    generations = enumerate(networkx.topological_generations(graph))
    layers = {node: layer for layer, nodes in generations for node in nodes}
    for node, degree in graph.in_degree():
        if degree == 0 and graph.out_degree(node) > 0:
            layers[node] = min(layers[user] for user in graph.successors(node)) - 1
    return layers


def arrange(
    graph: networkx.DiGraph, sizes: Sequence[tuple], across, between: float = 14.0
) -> Arrangement:
    """Places for the nodes 0, 1, ... of a graph, and ways for its edges.

    Args:
        graph: directed, without cycles; nodes are whole numbers from 0.
        sizes: the width and height of each node's box.
        across: `across(layer)`, the free room right of a layer.
        between: the free room between two boxes of a layer.

    >>> graph = networkx.DiGraph([(0, 2), (1, 2)])
    >>> arrange(graph, [(20.0, 10.0)] * 3, across=lambda layer: 30).boxes[2]
    Box(left=50.0, middle=17.0, width=20.0, height=10.0)

    Used by `draw_graph`.
    """
    layers = layers_of(graph)
    chains = {edge: _chain(*edge, layers) for edge in graph.edges}
    bent, layers = _with_bends(graph, chains, layers)
    heights = {n: BEND_HEIGHT if isinstance(n, tuple) else sizes[n][1] for n in bent}
    columns = ordered(bent, layers)
    middles = straightened(bent, columns, heights, between)
    spans = _spans(columns, sizes, across)
    places = {node: (*spans[layers[node]], middles[node]) for node in bent}
    boxes = {node: _box(places[node], sizes[node][1]) for node in graph}
    routes = {edge: _route(chain, places) for edge, chain in chains.items()}
    height = max(middles[node] + heights[node] / 2 for node in bent)
    return Arrangement(boxes, routes, spans[-1][1], height)


def _chain(start, end, layers) -> list:
    """The way of an edge: its start, bends (tuples) in the layers between, its end."""
    between = range(layers[start] + 1, layers[end])
    return [start, *((start, end, layer) for layer in between), end]


def _with_bends(graph, chains, layers) -> tuple[networkx.DiGraph, dict]:
    """The graph in which every edge goes to the next layer, and its layers."""
    bent = networkx.DiGraph()
    bent.add_nodes_from(graph)
    layers = dict(layers)
    for chain in chains.values():
        networkx.add_path(bent, chain)
        layers |= {bend: bend[2] for bend in chain[1:-1]}
    return bent, layers


def _spans(columns, sizes, across) -> list[tuple[float, float]]:
    """The left and right edge of each layer, as wide as its widest box."""
    spans, left = [], 0.0
    for layer, column in enumerate(columns):
        widths = [sizes[node][0] for node in column if not isinstance(node, tuple)]
        spans.append((left, left + max(widths)))
        left = spans[-1][1] + across(layer)
    return spans


def _box(place, height) -> Box:
    left, right, middle = place
    return Box(left, middle, right - left, height)


def _route(chain, places) -> list[tuple[float, float]]:
    """From the right side of the first box, straight through bends, to the last."""
    corners = []
    for left, right, middle in (places[node] for node in chain):
        corners += [(left, middle), (right, middle)]
    return corners[1:-1]
