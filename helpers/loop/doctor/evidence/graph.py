"""The graph below a loss: walked, and marked so that its end is noticed.

A mark hangs on a node of the graph and is held by nothing else. As long as the mark
lives, so does the node, and what it keeps.
"""

import weakref
from collections import deque

FEW = 20_000  # nodes; a walk ends there
NAME = "loop doctor"


class Mark:
    """Says at which event a node was made, where, and after how many steps."""

    __slots__ = ("__weakref__", "index", "kind", "place", "steps")

    def __init__(self, kind, event):
        self.kind = kind
        self.index = event.index
        self.steps = event.steps
        self.place = event.place


class Seen:
    """What a walk met.

    Attributes: `count`, the number of nodes; `leaves`, tensors in whose `.grad` the
    graph ends; `oldest`, after how many steps
    the oldest forward in it was made, or None.
    """

    def __init__(self):
        self.count = 0
        self.leaves = []
        self.forwards = set()
        self.oldest = None

    def node(self, node, is_end):
        """Take in one node: an end may hold a leaf, any other may bear a mark."""
        self.count += 1
        if is_end:
            leaf = getattr(node, "variable", None)
            if leaf is not None:
                self.leaves.append(leaf)
            return
        mark = node.metadata.get(NAME)
        if mark is not None and mark.kind == "forward":
            self.forwards.add(mark.index)
            if self.oldest is None or mark.steps < self.oldest:
                self.oldest = mark.steps


def is_leaf(tensor):
    """Whether a tensor is a leaf; a view whose history PyTorch refuses to tell is none.

    It refuses for a view made under no_grad whose base was written to with gradients.
    """
    try:
        return tensor.is_leaf
    except RuntimeError:
        return False


def made_by(tensor):
    """The name of the node that made a tensor; "" if there is none, or none is told."""
    try:
        node = tensor.grad_fn
    except RuntimeError:
        return ""
    return type(node).__name__ if node is not None else ""


def walk(root):
    """Walk the graph below a node, each node once."""
    seen, waiting, met = Seen(), deque([root]), {root}
    while waiting and seen.count < FEW:
        node = waiting.popleft()
        edges = node.next_functions
        seen.node(node, is_end=not edges)
        for below, _ in edges:
            if below is not None and below not in met:
                met.add(below)
                waiting.append(below)
    return seen


def mark(node, kind, event, evidence):
    """Hang a mark of an event on a node, once."""
    metadata = node.metadata
    if NAME in metadata:
        return
    metadata[NAME] = Mark(kind, event)
    evidence.marks.append(weakref.ref(metadata[NAME]))


def note_kept(evidence):
    """Forget marks that died, and note the longest list of those of one line."""
    alive = [each() for each in evidence.marks]
    alive = [each for each in alive if each is not None]
    evidence.marks = [weakref.ref(each) for each in alive]
    for found in by_line(alive).values():
        steps = {each.steps for each in found}
        kind = found[0].kind
        if len(steps) > evidence.kept.get(kind, (0, None))[0]:
            evidence.kept[kind] = len(steps), found[-1].place


def by_line(marks):
    """Marks by kind and place."""
    found = {}
    for each in marks:
        found.setdefault((each.kind, each.place), []).append(each)
    return found
