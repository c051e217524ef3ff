"""The order of nodes within the layers of a graph, so that few edges cross.

With this module one can: sort each layer by where its neighbours stand, there and back
until nothing improves (`ordered`), and count crossings (`crossings`).

Every edge runs from one layer to the next; `graph_layout` sees to that with bends.
"""

import networkx

SWEEPS = 12


def ordered(graph: networkx.DiGraph, layers: dict) -> list[list]:
    """The nodes of each layer from top to bottom, with few crossings.

    `layers` gives the layer of each node; nodes of a layer start in the order in which
    the graph lists them. Source: the barycentre method of Sugiyama and others, 1981.

    >>> crossed = networkx.DiGraph([("a", "d"), ("b", "c")])
    >>> ordered(crossed, {"a": 0, "b": 0, "c": 1, "d": 1})
    [['a', 'b'], ['d', 'c']]

    Used by `arrange`.
    """
    columns = [[] for _ in range(max(layers.values()) + 1)]
    for node in graph:
        columns[layers[node]].append(node)
    best, fewest = columns, crossings(graph, columns)
    for sweep in range(SWEEPS):
        columns = _swept(graph, columns, forward=sweep % 2 == 0)
        count = crossings(graph, columns)
        if count < fewest:
            best, fewest = columns, count
    return best


def crossings(graph: networkx.DiGraph, columns: list[list]) -> int:
    """How many pairs of edges cross between the columns.

    >>> crossings(networkx.DiGraph([("a", "d"), ("b", "c")]), [["a", "b"], ["c", "d"]])
    1

    Used by `ordered`.
    """
    total = 0
    for left, right in zip(columns, columns[1:], strict=False):
        place = {node: position for position, node in enumerate(right)}
        ends = [sorted(place[end] for end in graph.successors(node)) for node in left]
        passed = []
        for group in ends:
            total += sum(earlier > end for end in group for earlier in passed)
            passed += group
    return total


def _swept(graph, columns, forward: bool) -> list[list]:
    """Each column in turn sorted by its neighbours in the one before."""
    neighbours = graph.predecessors if forward else graph.successors
    columns = columns if forward else columns[::-1]
    done = [columns[0]]
    for column in columns[1:]:
        place = {node: position for position, node in enumerate(done[-1])}
        done.append(_by_neighbours(column, neighbours, place))
    return done if forward else done[::-1]


def _by_neighbours(column, neighbours, place) -> list:
    """Sorted by mean neighbour; a node without neighbours keeps its own place."""

    def mean_place(position_and_node):
        position, node = position_and_node
        places = [place[other] for other in neighbours(node)]
        return sum(places) / len(places) if places else position

    return [node for _, node in sorted(enumerate(column), key=mean_place)]
