"""Layered drawing of a graph: columns left to right, few crossings, straight edges.

Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system
structures", 1981. An edge that skips layers gets a bend in each, with room like a box.
"""

import itertools
import operator
from collections.abc import Sequence
from typing import NamedTuple

import networkx

BEND_HEIGHT = 6.0
SWEEPS, ROUNDS = 12, 24
# How much an edge wants to be level: more in a chain, where nothing else leaves its
# start or reaches its end. A last round makes chains level wherever boxes allow it.
PULL, CHAIN_PULL, LAST_PULL = 1.0, 8.0, 1e6


class Box(NamedTuple):
    """A rectangle; `middle` is the height of its centre line, from the top."""

    left: float
    width: float
    middle: float
    height: float


class Arrangement(NamedTuple):
    """Boxes by node, the corners of each edge, and the size of the whole."""

    boxes: dict[int, Box]
    routes: dict[tuple[int, int], list[tuple[float, float]]]
    width: float
    height: float


def arrange(
    graph: networkx.DiGraph, sizes: Sequence[tuple], across, between: float = 14.0
) -> Arrangement:
    """Place the nodes of a graph and the corners of its edges.

    Args:
        graph: directed, without cycles; its nodes are 0, 1, 2, ...
        sizes: the width and height of each node's box.
        across: `across(layer)`, the free room right of a layer.
        between: the free room between two boxes of a layer.

    >>> graph = networkx.DiGraph([(0, 2), (1, 2)])
    >>> arrange(graph, [(20.0, 10.0)] * 3, across=lambda layer: 30).boxes[2]
    Box(left=50.0, width=20.0, middle=17.0, height=10.0)
    """
    layers = layers_of(graph)
    bent, paths = _with_bends(graph, layers)
    heights = {n: BEND_HEIGHT if isinstance(n, tuple) else sizes[n][1] for n in bent}
    columns = ordered(bent, layers)
    middles = straightened(bent, columns, heights, between)
    spans = _spans(columns, sizes, across)
    placed = {n: Box(*spans[layers[n]], middles[n], heights[n]) for n in bent}
    boxes = {node: placed[node] for node in graph}
    routes = {e: _corners([placed[n] for n in path]) for e, path in paths.items()}
    for node, box in boxes.items():
        _spread_over(box, [routes[edge] for edge in graph.in_edges(node)])
    height = max(box.middle + box.height / 2 for box in placed.values())
    return Arrangement(boxes, routes, sum(spans[-1]), height)


def layers_of(graph: networkx.DiGraph) -> dict:
    """The layer of each node: the longest path to it; inputs right before their use.

    >>> layers_of(networkx.DiGraph([("x", "y"), ("y", "z"), ("w", "z")]))
    {'x': 0, 'w': 1, 'y': 1, 'z': 2}
    """
    generations = enumerate(networkx.topological_generations(graph))
    layers = {node: layer for layer, nodes in generations for node in nodes}
    for node, degree in graph.in_degree():
        if degree == 0 and graph.out_degree(node) > 0:
            layers[node] = min(layers[user] for user in graph.successors(node)) - 1
    return layers


def _with_bends(graph, layers: dict) -> tuple[networkx.DiGraph, dict]:
    """The graph with a bend in each layer that an edge skips, and each edge's path.

    A bend is a tuple (start, end, layer); `layers` learns where it stands.
    """
    bent, paths = networkx.DiGraph(), {}
    bent.add_nodes_from(graph)
    for start, end in graph.edges:
        skipped = range(layers[start] + 1, layers[end])
        bends = {(start, end, layer): layer for layer in skipped}
        layers |= bends
        paths[start, end] = [start, *bends, end]
        networkx.add_path(bent, paths[start, end])
    return bent, paths


def ordered(graph: networkx.DiGraph, layers: dict) -> list[list]:
    """The nodes of each layer from top to bottom, with few crossings.

    Each layer in turn is sorted by the mean place of its neighbours (their barycentre),
    there and back; the best order is kept. Every edge must go to the next layer.

    >>> crossed = networkx.DiGraph([("a", "d"), ("b", "c")])
    >>> ordered(crossed, {"a": 0, "b": 0, "c": 1, "d": 1})
    [['a', 'b'], ['d', 'c']]
    """
    columns = [[] for _ in range(max(layers.values()) + 1)]
    for node in graph:
        columns[layers[node]].append(node)
    tried = [columns]
    for sweep in range(SWEEPS):
        tried.append(_swept(graph, tried[-1], forward=sweep % 2 == 0))
    return min(tried, key=lambda columns: crossings(graph, columns))


def crossings(graph: networkx.DiGraph, columns: list[list]) -> int:
    """How many pairs of edges cross between the columns.

    >>> crossings(networkx.DiGraph([("a", "d"), ("b", "c")]), [["a", "b"], ["c", "d"]])
    1
    """
    total = 0
    for left, right in zip(columns, columns[1:], strict=False):
        place = {node: position for position, node in enumerate(right)}
        passed = []
        for node in left:
            ends = [place[end] for end in graph.successors(node)]
            total += sum(earlier > end for end in ends for earlier in passed)
            passed += ends
    return total


def _swept(graph, columns, forward: bool) -> list[list]:
    """Each column in turn sorted by where its neighbours in the one before stand."""
    neighbours = graph.predecessors if forward else graph.successors
    place, done = {}, []
    for column in columns if forward else columns[::-1]:
        means = {node: own for own, node in enumerate(column)}
        for node in column:
            places = [place[other] for other in neighbours(node)]
            if places:
                means[node] = sum(places) / len(places)
        done.append(sorted(column, key=means.get))
        place = {node: position for position, node in enumerate(done[-1])}
    return done if forward else done[::-1]


def straightened(graph, columns: list[list], heights: dict, between: float) -> dict:
    """The vertical middle of each node: level with its neighbours, clear of others.

    Args:
        graph: every edge goes to the next column.
        columns: the nodes of each layer from top to bottom.
        heights: the height of each node.
        between: the free room between two nodes of a column.

    >>> graph = networkx.DiGraph([("a", "c"), ("b", "c")])
    >>> straightened(graph, [["a", "b"], ["c"]], dict.fromkeys("abc", 10), 4)
    {'a': 5.0, 'c': 12.0, 'b': 19.0}
    """
    pulls, final_pulls = _pulls(graph)
    middles = dict.fromkeys(graph, 0.0)

    def place(column, pulls):
        sizes = [heights[node] for node in column]
        gaps = [(a + b) / 2 + between for a, b in itertools.pairwise(sizes)]
        wishes = [_wish(node, pulls, middles) for node in column]
        wanted, weights = zip(*wishes, strict=True)
        middles.update(zip(column, apart(wanted, weights, gaps), strict=True))

    for column in [*columns, *columns[::-1]] * ROUNDS:
        place(column, pulls)
    for column in columns:
        place(column, final_pulls)
    top = min(middles[node] - heights[node] / 2 for node in middles)
    return {node: float(middle - top) for node, middle in middles.items()}


def _pulls(graph) -> tuple[dict, dict]:
    """The nodes that each node wants to be level with, and how much; and in the end.

    In the end a node of a chain follows the one before it.
    """
    pulls, final_pulls = {}, {}
    for start, end in graph.edges:
        chain = graph.out_degree(start) == 1 and graph.in_degree(end) == 1
        pull = CHAIN_PULL if chain else PULL
        pulls.setdefault(start, []).append((end, pull))
        pulls.setdefault(end, []).append((start, pull))
        if chain:
            final_pulls[end] = [(start, LAST_PULL)]
    return pulls, final_pulls


def _wish(node, pulls, middles) -> tuple[float, float]:
    """The mean height of what pulls a node (else its own), and the whole pull."""
    pulling = pulls.get(node) or [(node, PULL)]
    weight = sum(pull for _, pull in pulling)
    return sum(middles[other] * pull for other, pull in pulling) / weight, weight


def apart(wanted, weights, gaps) -> list[float]:
    """The places closest to `wanted`, in the same order, at least `gaps` apart.

    `gaps[k]` is the least distance between places k and k + 1; "closest" means by the
    weighted sum of squares. Source: Ayer and others, "An empirical distribution
    function for sampling with incomplete information", 1955 (pool adjacent violators).

    >>> apart([0.0, 0.0, 10.0], [1.0, 1.0, 1.0], [4.0, 4.0])
    [-2.0, 2.0, 10.0]
    """
    offsets = [0.0, *itertools.accumulate(gaps)]
    groups = []  # of places that touch: their weight, their weighted sum, their number
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        groups.append((weight, weight * (place - offset), 1))
        while len(groups) > 1 and _mean(*groups[-2]) >= _mean(*groups[-1]):
            groups[-2:] = [tuple(map(operator.add, *groups[-2:]))]
    means = [_mean(*group) for group in groups for _ in range(group[2])]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _mean(weight, total, _) -> float:
    return total / weight


def _spans(columns, sizes, across) -> list[tuple[float, float]]:
    """The left edge and the width of each layer, as wide as its widest box."""
    spans, left = [], 0.0
    for layer, column in enumerate(columns):
        width = max(sizes[node][0] for node in column if not isinstance(node, tuple))
        spans.append((left, width))
        left += width + across(layer)
    return spans


def _corners(boxes) -> list[tuple[float, float]]:
    """From the right side of the first box, straight through bends, to the last."""
    corners = []
    for box in boxes:
        corners += [(box.left, box.middle), (box.left + box.width, box.middle)]
    return corners[1:-1]


def _spread_over(box, routes) -> None:
    """Let the routes that end at a box arrive side by side on its left edge."""
    for k, route in enumerate(sorted(routes, key=lambda route: route[-2][1]), start=1):
        share = k / (len(routes) + 1) - 0.5
        route[-1] = (box.left, box.middle + share * 0.7 * box.height)
