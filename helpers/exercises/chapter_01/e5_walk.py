"""Exercise 1.5: the walk backward, from memory."""

from helpers.autograd.scalar import Value, topological_order, walk_backward
from helpers.exercises.exercise import Exercise, Mistake, faulty


def backward_from(root):
    """Add d root / d leaf to the grad of every leaf below `root`."""
    arriving = {root: 1.0}
    for node in topological_order(root):
        total = arriving[node]
        if not node.inputs:
            node.grad = total + (node.grad or 0.0)
        for value, derivative in zip(node.inputs, node.derivatives, strict=True):
            arriving[value] = arriving.get(value, 0.0) + total * derivative


def _sums_in_the_values(root):
    root.grad = 1.0
    for node in topological_order(root):
        for value, derivative in zip(node.inputs, node.derivatives, strict=True):
            value.grad = (value.grad or 0.0) + node.grad * derivative


def _share(old, total, derivative):
    return old + total * derivative


def _walk_with(arrive=_share, adds=True, leaves_only=True):
    """A walk in which `arrive(old, total, derivative)` is the new arriving gradient."""

    def backward(root):
        arriving = {root: 1.0}
        for node in topological_order(root):
            total = arriving[node]
            if not node.inputs or not leaves_only:
                node.grad = total + (adds and node.grad or 0.0)
            for value, derivative in zip(node.inputs, node.derivatives, strict=True):
                arriving[value] = arrive(arriving.get(value, 0.0), total, derivative)

    return backward


def _careless(take):
    """A walk that goes on from whichever value it happens to take next."""

    def backward(root):
        arrived, waiting, done = {root: 1.0}, [root], {root}
        while waiting:
            node = waiting.pop(take)
            for value, derivative in zip(node.inputs, node.derivatives, strict=True):
                share = arrived[node] * derivative
                arrived[value] = arrived.get(value, 0.0) + share
                if value not in done:
                    done.add(value)
                    waiting.append(value)
        for value in done:
            if not value.inputs:
                value.grad = arrived[value] + (value.grad or 0.0)

    return backward


def _kept_nowhere(root):
    for _ in walk_backward(root):
        pass


def _from_zero(root):
    for node in topological_order(root):
        if not node.inputs:
            node.grad = node.grad or 0.0


TOO_EARLY = (
    "A value handed on its gradient before all of its shares had arrived. Walk in an "
    "order in which everything computed from a value comes before it: "
    "topological_order(root)."
)
NOT_YOURS = (
    "The gradients are right, and {} has found them. Write the walk yourself: "
    "topological_order gives the order."
)
FAULTS = (
    (
        {"adds": False},
        "One call is right, a second one overwrites the first. backward adds to .grad: "
        "`node.grad = total if node.grad is None else node.grad + total`.",
    ),
    (
        {"leaves_only": False},
        "The leaves are right, and you also filled .grad of values in between. Only "
        "leaves keep a gradient, the others pass it on.",
    ),
    (
        {"arrive": lambda old, total, derivative: total * derivative},
        "A value that is used twice keeps only the last share that arrived. Where "
        "paths meet, add.",
    ),
    (
        {"arrive": lambda old, total, derivative: old + derivative},
        "You add local derivatives and never multiply. Along a path, multiply: the "
        "share is the arriving gradient times the derivative.",
    ),
    (
        {"arrive": lambda old, total, derivative: old + total + derivative},
        "You add the arriving gradient and the local derivative. Along a path, "
        "multiply.",
    ),
)
WRONG_WALKS = (
    *faulty(_walk_with, FAULTS),
    Mistake(
        _sums_in_the_values,
        "You keep the running sums in .grad of the values in between. One call is "
        "right; the second starts from the sums of the first and counts them again. "
        "Keep them in a dictionary that lives for one call.",
    ),
    Mistake(_careless(take=-1), TOO_EARLY),
    Mistake(_careless(take=0), TOO_EARLY),
    Mistake(
        _kept_nowhere,
        "No leaf has a gradient after your call: the sums are computed and not kept. "
        "Add them to .grad of the leaves.",
    ),
    Mistake(
        _from_zero,
        "Every gradient stays 0: the root has to start with a slope of 1 along itself, "
        "and the walk has to start at the root.",
    ),
)


def _used_twice():
    a = Value(2.0, name="a")
    b = Value(-3.0, name="b")
    product = a * b
    return product * product + a * 3, [a, b]


def _shortcut_first():
    a = Value(1.5, name="a")
    square = a**2
    return square + square * 10, [a]


def _shortcut_last():
    a = Value(1.5, name="a")
    square = a**2
    return square * 10 + square, [a]


def _grads_after_two_calls(answer, build):
    """Leaf gradients after one call and after two, and the root's."""
    root, leaves = build()
    answer(root)
    once = [leaf.grad for leaf in leaves]
    answer(root)
    kept = [v for v in topological_order(root) if v.inputs and v.grad is not None]
    return {
        "after one call": once,
        "after two calls": [leaf.grad for leaf in leaves],
        "values in between that keep a gradient": len(kept),
    }


EXERCISE = Exercise(
    number="1.5",
    title="The walk",
    solution=backward_from,
    cases=lambda: [(_used_twice,), (_shortcut_first,), (_shortcut_last,)],
    probe=_grads_after_two_calls,
    mistakes=WRONG_WALKS,
    build=_walk_with,
    faults=FAULTS,
    refuses={
        "backward": NOT_YOURS.format("root.backward()"),
        "walk_backward": NOT_YOURS.format("walk_backward"),
    },
    compared_with="Value.backward on three graphs, called twice",
)
