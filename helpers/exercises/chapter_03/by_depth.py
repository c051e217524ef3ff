"""Exercise 3.3: the order in which an engine may visit the nodes.

With this module one can: check an answer to it (`EXERCISE`).
"""

from helpers.autograd import tensor
from helpers.exercises.model import Exercise, Mistake


def by_depth(root):
    """List the nodes below `root`, the deepest first, from one bucket a depth."""
    buckets, seen, order = {root.grad_fn.depth: [root.grad_fn]}, set(), []
    for depth in range(root.grad_fn.depth, 0, -1):
        for node in buckets.pop(depth, ()):
            order.append(node)
            for edge in node.edges:
                if edge is not None and edge not in seen:
                    seen.add(edge)
                    buckets.setdefault(edge.depth, []).append(edge)
    return order


def _as_met(root, take):
    """List each node where the walk first meets it."""
    order, seen, waiting = [], {root.grad_fn}, [root.grad_fn]
    while waiting:
        order.append(waiting.pop(take))
        for edge in order[-1].edges:
            if edge is not None and edge.depth > 0 and edge not in seen:
                seen.add(edge)
                waiting.append(edge)
    return order


def _by_distance(root):
    return _as_met(root, take=0)


def _deep_first(root):
    return _as_met(root, take=-1)


def _shallow_first(root):
    return by_depth(root)[::-1]


def _recursive(root):
    finished, seen = [], set()

    def visit(node):
        if node is not None and node.depth > 0 and node not in seen:
            seen.add(node)
            for edge in node.edges:
                visit(edge)
            finished.append(node)

    visit(root.grad_fn)
    return finished[::-1]


def _repeating(root):
    order, waiting = [], [root.grad_fn]
    while waiting:
        order.append(waiting.pop())
        waiting += [e for e in order[-1].edges if e is not None and e.depth > 0]
    return order


def _without_root(root):
    return by_depth(root)[1:]


def _with_leaves(root):
    leaves = {
        edge
        for node in by_depth(root)
        for edge in node.edges
        if edge is not None and edge.depth == 0
    }
    return [*by_depth(root), *leaves]


WRONG_ORDERS = (
    Mistake(
        _by_distance,
        "That is the order of the distance from the root, and the shortest way counts "
        "there. A node that is near by one way and far by another comes too early. Use "
        "node.depth, which counts the longest way to the leaves.",
    ),
    Mistake(
        _deep_first,
        "You list a node when you first meet it. Another node that still has something "
        "to send to it may be waiting. Let it wait in the bucket of its depth.",
    ),
    Mistake(
        _shallow_first,
        "Your list begins at the leaves. Gradients come from the root: the deepest "
        "bucket is first.",
    ),
    Mistake(
        _recursive,
        "The order is right on small graphs; on a chain of 5,000 the recursion ends "
        "Python's call stack. Depths need no recursion.",
    ),
    Mistake(
        _repeating,
        "A node that two others point to stands in your list more than once, and in "
        "twelve diamonds thousands of times. Put it into its bucket only the first "
        "time.",
    ),
    Mistake(_without_root, "The node of the root itself is missing; it speaks first."),
    Mistake(
        _with_leaves,
        "Your list holds leaves. They lie in bucket 0 and have nobody to send to: list "
        "nodes only.",
    ),
)


def _shortcut(longer_first):
    """tanh(a) used directly and by way of two products, in either order."""
    a = tensor(0.5, requires_grad=True)
    bend = a.tanh()
    longer = bend * 2.0 * 3.0
    return longer + bend if longer_first else bend + longer


def _diamonds(levels):
    value = tensor(0.5, requires_grad=True)
    for _ in range(levels):
        value = value * 0.5 + value * 0.25
    return value


def _chain(length):
    value = tensor(0.5, requires_grad=True)
    for _ in range(length):
        value = value * 1.0
    return value


def _graphs():
    """Two graphs with a short and a long way, twelve diamonds, a chain of 5,000."""
    return [(_shortcut, True), (_shortcut, False), (_diamonds, 12), (_chain, 5_000)]


def _properties(answer, build, argument):
    """What a right order promises, whichever it is."""
    root = build(argument)
    order = answer(root)
    if not isinstance(order, (list, tuple)):
        return {"a list": False}
    place = {node: index for index, node in enumerate(order)}
    before = all(
        place[node] < place[edge]
        for node in place
        for edge in node.edges
        if edge in place
    )
    return {
        "a list": True,
        "each node once": len(order) == len(place),
        "nodes missing": len(set(by_depth(root)) - set(place)),
        "leaves": sum(node.depth == 0 for node in place),
        "each before its inputs": before,
    }


EXERCISE = Exercise(
    number="3.3",
    title="In which order",
    solution=by_depth,
    cases=_graphs,
    probe=_properties,
    mistakes=WRONG_ORDERS,
    compared_with="what the engine needs on four graphs",
)
