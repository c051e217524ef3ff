"""Read a computation as a networkx graph: from a Value, a tensor or a `grad_fn`.

Everything is recognised by its attributes, so this module imports no engine: torch's
tensors and those of the course are read alike.
"""

import re
from collections.abc import Iterator

import networkx


def graph_of(root, names: dict | None = None) -> networkx.DiGraph:
    """The graph of the computation that made `root`, edges from input to result.

    Args:
        root: a Value (anything with `.inputs`, `.operation`, `.data`), a tensor that
            requires grad, or a node such as `loss.grad_fn`.
        names: a mapping from Values or tensors to the names they get.

    The nodes are the objects themselves: Values; leaf tensors; `grad_fn` nodes for all
    that was computed. Each has `operation` ("" for a leaf), `name`, `value` (a number,
    a shape, or None where it was not kept) and `gradient`. Each edge has
    `derivatives`: one local derivative for each time the input was used, or nothing.
    What was used twice appears once. Depth is limited by memory only.

    Raises: TypeError for any other root, and for a tensor that requires no grad.

    >>> import torch
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> graph = graph_of(w * w + 1, names={w: "w"})
    >>> [facts["operation"] or facts["name"] for _, facts in graph.nodes(data=True)]
    ['Add', 'Mul', 'w']
    """
    _check_root(root)
    names = {node_of(thing): name for thing, name in (names or {}).items()}
    graph, start = networkx.DiGraph(), node_of(root)
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node in graph and graph.nodes[node]:
            continue
        graph.add_node(node, **_facts(node, names.get(node)))
        inputs = list(_inputs(node))
        for source, derivative in inputs:
            _add_edge(graph, source, node, derivative)
        waiting.extend(source for source, _ in reversed(inputs))
    if start is not root and _number(root) is not None:
        graph.nodes[start]["value"] = _number(root)
    return graph


def node_of(thing):
    """The node of a graph that stands for `thing`.

    A tensor that was computed stands under its `grad_fn`, a leaf under itself.

    >>> import torch
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> node_of(w) is w, node_of(w * 3).name()
    (True, 'MulBackward0')
    """
    record = getattr(thing, "grad_fn", None)
    node = thing if record is None else record
    return getattr(node, "variable", node)


def _is_value(thing) -> bool:
    return all(hasattr(thing, name) for name in ("inputs", "operation", "data"))


def _is_record(thing) -> bool:
    return hasattr(thing, "next_functions") and callable(getattr(thing, "name", None))


def _check_root(root):
    if _is_value(root) or _is_record(root) or getattr(root, "requires_grad", False):
        return
    what = "a tensor that requires no grad" if hasattr(root, "grad_fn") else repr(root)
    raise TypeError(
        f"root is {what}, which remembers no computation. Give a Value, a tensor "
        "computed from one with requires_grad=True, or a grad_fn"
    )


def _inputs(node) -> Iterator[tuple]:
    """The nodes this one was computed from, in order, with local derivatives."""
    if _is_value(node):
        known = getattr(node, "derivatives", None) or [None] * len(node.inputs)
        yield from zip(node.inputs, known, strict=True)
    elif _is_record(node):
        for source, _ in node.next_functions:
            if source is not None:
                yield node_of(source), None


def _facts(node, name) -> dict:
    if _is_value(node):
        facts = {"operation": node.operation, "value": node.data, "name": node.name}
    elif _is_record(node):
        operation = re.sub(r"Backward\d*$", "", node.name())
        facts = {"operation": operation, "value": None, "name": None}
    else:
        facts = {"operation": "", "value": _number_or_shape(node), "name": None}
    gradient = None if _is_record(node) else _number(getattr(node, "grad", None))
    return facts | {"gradient": gradient} | ({"name": name} if name else {})


def _add_edge(graph, source, node, derivative):
    if not graph.has_edge(source, node):
        graph.add_edge(source, node, derivatives=())
    if derivative is not None:
        graph.edges[source, node]["derivatives"] += (derivative,)


def _number(thing) -> float | None:
    """The one number that `thing` holds; None if it holds none or several."""
    if isinstance(thing, int | float):
        return float(thing)
    held = getattr(thing, "data", None)
    if getattr(held, "shape", None) is None:
        return None
    return float(held.item()) if len(held.shape) == 0 else None


def _number_or_shape(tensor):
    number = _number(tensor)
    if number is not None:
        return number
    return tuple(tensor.data.shape)
