"""The graph below a loss: walked, and marked so that its end is noticed.

A mark hangs on a node of the graph and is held by nothing else. As long as the mark
lives, so does the node, and what it keeps.
"""

import weakref
from collections import Counter, deque

FEW = 20_000  # nodes; a walk ends there
NAME = "loop doctor"


class Mark:
    """Says when a node was made: at which event, after how many steps."""

    __slots__ = ("__weakref__", "index", "kind", "place", "steps")

    def __init__(self, kind, evidence):
        from helpers.loop.doctor.evidence.place import here

        self.kind = kind
        self.index = evidence.log.length
        self.steps = evidence.steps
        self.place = here()


class Seen:
    """What a walk met.

    Attributes: `count`, the number of nodes; `leaves`, tensors in whose `.grad` the
    graph ends; `operations`, a Counter of node names; `oldest`, after how many steps
    the oldest forward in it was made, or None.
    """

    def __init__(self):
        self.count = 0
        self.leaves = []
        self.operations = Counter()
        self.oldest = None

    def node(self, node):
        """Take in one node."""
        self.count += 1
        self.operations[node.name()] += 1
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            self.leaves.append(leaf)
        mark = node.metadata.get(NAME)
        if mark is not None and mark.kind == "forward":
            if self.oldest is None or mark.steps < self.oldest:
                self.oldest = mark.steps


def walk(root):
    """Walk the graph below a node, each node once."""
    seen, waiting, met = Seen(), deque([root]), {root}
    while waiting and seen.count < FEW:
        node = waiting.popleft()
        seen.node(node)
        for below, _ in node.next_functions:
            if below is not None and below not in met:
                met.add(below)
                waiting.append(below)
    return seen


def mark(node, kind, evidence):
    """Hang a mark on a node, once; return a weak reference to it."""
    found = node.metadata.get(NAME)
    if found is None:
        found = node.metadata[NAME] = Mark(kind, evidence)
        evidence.marks.append(weakref.ref(found))
    return found
