"""Computation graphs drawn from left to right: inputs, operations, result.

With this module one can: draw the graph of a computation with its values, gradients and
local derivatives (`draw_graph`), and get the graph itself (`graph_of`).

It reads scalar Values, torch's tensors and the course's own by their attributes.
"""

from helpers.viz import graph_marks as marks
from helpers.viz.graph_labels import label_spots
from helpers.viz.graph_plan import TITLE, fitting_size, plan_of, scale_in
from helpers.viz.graph_reading import graph_of, node_of
from helpers.viz.style import INK, Figure

__all__ = ["draw_graph", "graph_of"]

MOST, LEGIBLE, LABELLED = 200, 40, 20


def draw_graph(
    root,
    figure=None,
    *,
    values: bool = True,
    gradients: dict | bool | None = None,
    highlight=(),
    edge_labels: dict | bool | None = None,
    names: dict | None = None,
    title: str | None = None,
):
    """Draw the graph of the computation that made `root`; return the figure.

    Args:
        root: a Value, a tensor with a `grad_fn`, or a `grad_fn`; see `graph_of`.
        figure: where to draw; unless given, a new figure of fitting size.
        values: whether the boxes show numbers (of tensors, shapes).
        gradients: a mapping from Values or tensors to the numbers to show as their
            gradients; every box then keeps room for one, so that drawings of
            successive steps agree in all else. Unless given, each leaf shows its own
            `.grad`; False shows none.
        highlight: Values or tensors to be marked, with the arrows that lead to them.
        edge_labels: a mapping from pairs (input, result) to texts. Unless given, the
            local derivatives, where they are known and at most 20 nodes are drawn;
            True shows them in any case, False shows none.
        names: a mapping from Values or tensors to names.
        title: a line above the drawing.

    Up to 40 nodes are easy to read. More are drawn smaller, with a line that says how
    many they are. Raises: ValueError above 200 nodes, and for a node that
    is not in the graph; TypeError as `graph_of`.

    >>> from helpers.autograd.scalar import Value
    >>> x = Value(3.0, name="x")
    >>> draw_graph(x * x + 1)
    Figure(graph of 3 nodes: + 1 = 10, × = 9, x = 3)

    Used from chapter 01 on.
    """
    graph = graph_of(root, names)
    _check_size(graph)
    facts = [_shown(*item, values, gradients) for item in graph.nodes(data=True)]
    place = {node: k for k, node in enumerate(graph)}
    labels = {
        (_place_of(start, place), _place_of(end, place)): text
        for (start, end), text in _labels(graph, edge_labels).items()
    }
    title = _with_count(title, len(graph))
    plan = plan_of(graph, facts, labels, title, figure)
    figure = figure or Figure(fitting_size(plan, title))
    figure.description = _in_words(facts)
    marked = {_place_of(thing, place) for thing in highlight}
    _draw(figure, plan, labels, marked, title)
    return figure


def _check_size(graph):
    if len(graph) > MOST:
        raise ValueError(
            f"the graph has {len(graph)} nodes; up to {MOST} can be drawn. Draw a part "
            "of the computation, or a smaller example"
        )


def _shown(node, facts: dict, values, gradients) -> dict:
    """The facts of a node, less what shall not be shown."""
    facts = dict(facts) if values else facts | {"value": None}
    if gradients is False:
        return facts | {"gradient": None}
    if gradients is None:
        return facts
    given = {node_of(thing): number for thing, number in gradients.items()}
    return facts | {"gradient": given.get(node), "steady": True}


def _labels(graph, edge_labels) -> dict:
    """The text on each edge (input, result) that has one."""
    if edge_labels is None:
        edge_labels = len(graph) <= LABELLED
    if edge_labels is False:
        return {}
    if edge_labels is not True:
        return {edge: str(text) for edge, text in edge_labels.items() if text}
    return {
        (start, end): " + ".join(marks.number(value) for value in derivatives)
        for start, end, derivatives in graph.edges(data="derivatives")
        if derivatives
    }


def _place_of(thing, place: dict) -> int:
    if node_of(thing) not in place:
        raise ValueError(
            f"{thing!r} is no node of this graph; highlight and edge_labels take nodes "
            "of the graph that is drawn. Take one that `root` was computed from"
        )
    return place[node_of(thing)]


def _with_count(title, count: int) -> str:
    counted = f"{count} nodes" if count > LEGIBLE else ""
    return " · ".join(text for text in (title, counted) if text)


def _draw(figure, plan, labels, marked, title):
    scale = scale_in(figure, plan, title)
    axes = _canvas(figure, plan, title, scale)
    widths = {edge: marks.label_width(text) for edge, text in labels.items()}
    for edge, route in plan.routes.items():
        marks.draw_arrow(axes, route, scale, edge[1] in marked)
    for edge, spot in label_spots(plan.routes, widths).items():
        marks.draw_label(axes, spot, labels[edge], scale)
    for node, box in plan.boxes.items():
        leaf = all(end != node for _, end in plan.routes)
        marks.draw_box(axes, box, plan.lines[node], scale, leaf, node in marked)


def _canvas(figure, plan, title: str, scale: float):
    """Axes that measure in points of the drawing, with the title above it."""
    axes = figure.subplots()
    axes.set_axis_off()
    above = TITLE / scale if title else 0.0
    axes.set_xlim(-3, plan.width + 3)
    axes.set_ylim(plan.height + 3, -3 - above)
    axes.set_aspect("equal")
    if title:
        axes.text(0, -above, title, fontsize=11, color=INK, verticalalignment="top")
    return axes


def _in_words(facts: list[dict]) -> str:
    """The graph as text, from the result to the inputs."""
    words = []
    for known in facts[:LEGIBLE]:
        lines = marks.lines_of(known, stacked=False)
        texts = ["".join(part.text for part in line) for line in lines]
        words.append(", ".join(text for text in texts if text) or "leaf")
    more = ["..."] if len(facts) > LEGIBLE else []
    separator = "; " if any(", " in word for word in words) else ", "
    return f"graph of {len(facts)} nodes: {separator.join(words + more)}"
