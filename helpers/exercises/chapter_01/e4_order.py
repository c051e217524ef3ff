"""Exercise 1.4: a topological order of a graph."""

from collections.abc import Iterator

from helpers.autograd.scalar import Value, topological_order
from helpers.exercises.exercise import Exercise, Mistake


def order_of(root):
    """List every value below `root` once, each before its inputs, by counting uses."""
    uses, waiting = {root: 0}, [root]
    while waiting:
        for value in waiting.pop().inputs:
            if value not in uses:
                uses[value] = 0
                waiting.append(value)
            uses[value] += 1
    order, ready = [], [root]
    while ready:
        order.append(ready.pop())
        for value in order[-1].inputs:
            uses[value] -= 1
            if uses[value] == 0:
                ready.append(value)
    return order


def _as_met(root, take, turn):
    """List each value where the walk first meets it; `turn` mirrors the walk."""
    order, seen, waiting = [], {root}, [root]
    while waiting:
        order.append(waiting.pop(take))
        for value in order[-1].inputs[::turn]:
            if value not in seen:
                seen.add(value)
                waiting.append(value)
    return order


def _deep_first(root):
    return _as_met(root, take=-1, turn=1)


def _deep_first_mirrored(root):
    return _as_met(root, take=-1, turn=-1)


def _breadth_first(root):
    return _as_met(root, take=0, turn=1)


def _recursive(root):
    finished, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for value in node.inputs:
                visit(value)
            finished.append(node)

    visit(root)
    return finished[::-1]


def _inputs_first(root):
    return topological_order(root)[::-1]


def _repeating(root):
    order, waiting = [], [root]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(order[-1].inputs)
    return order


def _without_leaves(root):
    return [value for value in topological_order(root) if value.inputs]


def _without_root(root):
    return topological_order(root)[1:]


AS_MET = (
    "You write a value down when you first meet it. That can be too early: another "
    "value that uses it may still be waiting. Write it down on the way out, or when "
    "all of its uses have been written."
)
WRONG_ORDERS = (
    Mistake(_deep_first, AS_MET),
    Mistake(_deep_first_mirrored, AS_MET),
    Mistake(_breadth_first, AS_MET),
    Mistake(
        _recursive,
        "The order is right on small graphs, and the recursion ends Python's call "
        "stack on a chain of 5,000. Keep a stack of your own, in a list.",
    ),
    Mistake(
        _inputs_first,
        "Your list runs the other way: inputs stand before what is computed from them. "
        "The walk backward starts at the root; reverse the list.",
    ),
    Mistake(
        _repeating,
        "A value that is used twice stands in your list more than once. In a tower of "
        "sums the list doubles with each level: remember which values you have seen.",
    ),
    Mistake(
        _without_leaves,
        "The leaves are missing. They have no inputs, and they are the ones that keep "
        "a gradient.",
    ),
    Mistake(_without_root, "The root is missing: the walk starts there."),
    Mistake(
        lambda root: set(topological_order(root)),
        "An order needs a list; a set has none.",
    ),
    Mistake(
        lambda root: iter(topological_order(root)),
        "The values come one by one, from a generator or an iterator, which can be "
        "walked once. Give a list: `list(...)` makes one.",
    ),
)


def _shortcut(first_is_direct):
    """a² used directly and by way of a product, in either order."""
    square = Value(2.0) ** 2
    longer = square * Value(10.0)
    return square + longer if first_is_direct else longer + square


def _tower(levels):
    value = Value(1.0)
    for _ in range(levels):
        value = value + value
    return value


def _chain(length):
    value = Value(1.0)
    for _ in range(length):
        value = value + 0.5
    return value


def _graphs():
    """Two graphs with a shortcut, a tower of 12 levels, a chain of 5,000 sums."""
    return [(_shortcut(True),), (_shortcut(False),), (_tower(12),), (_chain(5_000),)]


def _properties(answer, root):
    """Whether the list holds what it should, rather than one of many right orders."""
    order = answer(root)
    if not isinstance(order, (list, tuple)):
        return {"a list": isinstance(order, Iterator) and "one by one"}
    place = {value: index for index, value in enumerate(order)}
    before = all(
        place[value] < place[given]
        for value in place
        for given in value.inputs
        if given in place
    )
    return {
        "a list": True,
        "each value once": len(order) == len(place),
        "values missing": len(set(topological_order(root)) - set(place)),
        "each before its inputs": before,
    }


EXERCISE = Exercise(
    number="1.4",
    title="Everyone before their inputs",
    solution=order_of,
    cases=_graphs,
    probe=_properties,
    mistakes=WRONG_ORDERS,
    refuses={
        "topological_order": "The order is right, and topological_order has found it. "
        "Write the walk yourself; the hint has another way.",
    },
    compared_with="what a topological order of four graphs promises",
)
