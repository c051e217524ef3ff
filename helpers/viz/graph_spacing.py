"""How high each node stands: near its neighbours, and clear of the others.

With this module one can: place the ordered layers of a graph so that edges run as
straight as the boxes allow (`straightened`), and move numbers apart as little as
possible (`apart`).
"""

from collections.abc import Sequence

import networkx

ROUNDS = 24
# How much an edge wants to be straight: more if nothing else leaves its start and
# nothing else reaches its end, as in a chain, or along the bends of a long edge. In a
# last round such edges do become straight, wherever boxes allow it.
PULL, CHAIN_PULL, LAST_PULL = 1.0, 8.0, 1e6


def straightened(
    graph: networkx.DiGraph, columns: list[list], heights: dict, between: float
) -> dict:
    """The vertical middle of each node, 0 at the top edge of the highest box.

    `columns` lists the nodes of each layer from top to bottom; `heights` gives each
    node's height; `between` is the free room between two of them.

    >>> graph = networkx.DiGraph([("a", "c"), ("b", "c")])
    >>> straightened(graph, [["a", "b"], ["c"]], dict.fromkeys("abc", 10), 4)
    {'a': 5.0, 'c': 12.0, 'b': 19.0}

    Used by `arrange`.
    """
    pulls, before = _pulls(graph), _before(graph)
    middles = dict.fromkeys(graph, 0.0)

    def place(column, wishes):
        sizes = [heights[node] for node in column]
        gaps = [(a + b) / 2 + between for a, b in zip(sizes, sizes[1:], strict=False)]
        wanted, weights = zip(*wishes, strict=True)
        middles.update(zip(column, apart(wanted, weights, gaps), strict=True))

    for _ in range(ROUNDS):
        for column in [*columns, *columns[::-1]]:
            place(column, [_pulled(pulls[node], middles) for node in column])
    for column in columns:
        place(column, [_in_line(node, before, middles) for node in column])
    top = min(middles[node] - heights[node] / 2 for node in middles)
    return {node: float(middle - top) for node, middle in middles.items()}


def _pulls(graph) -> dict:
    """For each node, the nodes that it wants to be level with, and how much."""
    pulls = {node: [] for node in graph}
    for start, end in graph.edges:
        pull = CHAIN_PULL if _is_chain(graph, start, end) else PULL
        pulls[start].append((end, pull))
        pulls[end].append((start, pull))
    return {node: found or [(node, PULL)] for node, found in pulls.items()}


def _before(graph) -> dict:
    """For each node of a chain but the first, the node before it."""
    return {end: start for start, end in graph.edges if _is_chain(graph, start, end)}


def _pulled(pulls, middles) -> tuple[float, float]:
    """The mean height of a node's neighbours, and how much they pull together."""
    weight = sum(pull for _, pull in pulls)
    return sum(middles[other] * pull for other, pull in pulls) / weight, weight


def _in_line(node, before, middles) -> tuple[float, float]:
    """The height of the node before in a chain; of the node itself outside one."""
    if node in before:
        return middles[before[node]], LAST_PULL
    return middles[node], PULL


def _is_chain(graph, start, end) -> bool:
    return graph.out_degree(start) == 1 and graph.in_degree(end) == 1


def apart(
    wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]
) -> list[float]:
    """The places closest to `wanted`, in the same order, at least `gaps` apart.

    `gaps[k]` is the least distance between places k and k + 1; "closest" means by the
    weighted sum of squares. Source: Ayer and others, "An empirical distribution
    function for sampling with incomplete information", 1955 (pool adjacent violators).

    >>> apart([0.0, 0.0, 10.0], [1.0, 1.0, 1.0], [4.0, 4.0])
    [-2.0, 2.0, 10.0]

    Used by `straightened`.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    groups = []  # of places that touch: [their mean, their weight, their number]
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        groups.append([place - offset, weight, 1])
        while len(groups) > 1 and groups[-2][0] >= groups[-1][0]:
            groups[-2:] = [_pooled(*groups[-2:])]
    pooled = [mean for mean, _, count in groups for _ in range(count)]
    return [place + offset for place, offset in zip(pooled, offsets, strict=True)]


def _pooled(one, other) -> list:
    weight = one[1] + other[1]
    mean = (one[0] * one[1] + other[0] * other[1]) / weight
    return [mean, weight, one[2] + other[2]]
