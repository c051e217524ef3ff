"""Draw a computation graph from left to right: inputs, operations, result.

The way of a drawing: `read` makes a networkx graph of the computation, `marks` says
what each box shows and how large it is, `layout` places the boxes and arrows, and
`marks` draws them.
"""

from typing import NamedTuple

import networkx

from helpers.viz.graph import marks
from helpers.viz.graph.layout import arrange, layers_of
from helpers.viz.graph.read import graph_of, node_of
from helpers.viz.style import INK, Figure

MOST, LEGIBLE, LABELLED = 200, 40, 20  # nodes
WIDEST, HIGHEST = 10.0, 8.0  # of a new figure, in inches
POINTS = 72.0  # in an inch; all other lengths are in points at the size of the text
MARGIN, TITLE, GAP, LABEL_GAP = 10.0, 20.0, 26.0, 36.0
ENOUGH = 0.95  # of full size: below it, narrower boxes are tried


class Plan(NamedTuple):
    """Lines and boxes by node, routes by edge, and the size of the whole."""

    lines: list
    boxes: dict
    routes: dict
    width: float
    height: float


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
    many they are.

    Raises: ValueError above 200 nodes, and for a node that is not in the graph;
    TypeError for a root that remembers no computation, as `graph_of`.

    >>> from helpers.autograd.scalar import Value
    >>> x = Value(3.0, name="x")
    >>> draw_graph(x * x + 1)
    Figure(graph of 3 nodes: + 1 = 10, × = 9, x = 3)
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
    plan = _plan_of(networkx.relabel_nodes(graph, place), facts, labels, title, figure)
    figure = figure or Figure(_fitting_size(plan, title))
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


def _plan_of(graph, facts, labels, title: str, figure) -> Plan:
    """The plan that needs the least shrinking: names beside values, or above them."""
    beside = _planned(graph, facts, labels, stacked=False)
    if _scale_in(figure, beside, title) >= ENOUGH:
        return beside
    above = _planned(graph, facts, labels, stacked=True)
    return max(beside, above, key=lambda plan: _scale_in(figure, plan, title))


def _planned(graph, facts, labels, stacked: bool) -> Plan:
    lines = [marks.lines_of(known, stacked) for known in facts]
    sizes = [marks.size_of(line) for line in lines]
    return Plan(lines, *arrange(graph, sizes, across=_room_after(graph, labels).get))


def _room_after(graph, labels) -> dict[int, float]:
    """The free room right of each layer: more where labels stand."""
    layers = layers_of(graph)
    room = dict.fromkeys(layers.values(), GAP)
    for (_, end), text in labels.items():
        before = layers[end] - 1
        room[before] = max(room[before], marks.label_width(text) + LABEL_GAP)
    return room


def _scale_in(figure, plan: Plan, title: str) -> float:
    """How large a plan is drawn in a figure (None: a new one): 1 for full size."""
    if figure is None:
        width, height = WIDEST * POINTS, HIGHEST * POINTS
    else:
        width = figure.bbox.width / figure.dpi * POINTS
        height = figure.bbox.height / figure.dpi * POINTS
    free_height = height - 2 * MARGIN - (TITLE if title else 0.0)
    return min(1.0, (width - 2 * MARGIN) / plan.width, free_height / plan.height)


def _fitting_size(plan: Plan, title: str) -> tuple[float, float]:
    """The width and height, in inches, of a new figure for a plan and its title."""
    scale = _scale_in(None, plan, title)
    width = max(plan.width * scale, marks.text_width(title, 11.0)) + 2 * MARGIN
    height = plan.height * scale + 2 * MARGIN + (TITLE if title else 0.0)
    return width / POINTS, height / POINTS


def _draw(figure, plan, labels, marked, title):
    scale = _scale_in(figure, plan, title)
    axes = _canvas(figure, plan, title, scale)
    widths = {edge: marks.label_width(text) for edge, text in labels.items()}
    for edge, route in plan.routes.items():
        marks.draw_arrow(axes, route, scale, edge[1] in marked)
    for edge, spot in marks.label_spots(plan.routes, widths).items():
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
