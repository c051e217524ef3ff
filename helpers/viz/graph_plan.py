"""The plan of a drawn graph: what each box says, where it stands, how large all is.

With this module one can: plan a drawing for the room there is (`plan_of`), and tell how
much it has to shrink (`scale_in`) or how large a figure it needs (`fitting_size`).

Lengths are in points at the size of the text, unless they say inches.
"""

from typing import NamedTuple

import networkx

from helpers.viz import graph_marks as marks
from helpers.viz.graph_layout import arrange, layers_of

WIDEST, HIGHEST = 10.0, 8.0  # of a new figure, in inches
POINTS = 72.0  # in an inch
MARGIN, TITLE, GAP, LABEL_GAP = 10.0, 20.0, 26.0, 36.0
ENOUGH = 0.95  # of full size: below it, narrower boxes are tried


class Plan(NamedTuple):
    """Lines and boxes by node, routes by edge, and the size of the whole."""

    lines: list
    boxes: dict
    routes: dict
    width: float
    height: float


def plan_of(graph, facts: list[dict], labels: dict, title: str, figure) -> Plan:
    """The plan that needs the least shrinking: names beside values, or above them.

    `facts` are those of each node in the order of the graph; `labels` are texts by
    edge, as pairs of positions in that order; `figure` is None for a new one.

    Used by `draw_graph`.
    """
    beside = _planned(graph, facts, labels, stacked=False)
    if scale_in(figure, beside, title) >= ENOUGH:
        return beside
    above = _planned(graph, facts, labels, stacked=True)
    return max(beside, above, key=lambda plan: scale_in(figure, plan, title))


def scale_in(figure, plan: Plan, title: str) -> float:
    """How large a plan is drawn in a figure: 1 for full size, else less.

    Used by `draw_graph`.
    """
    if figure is None:
        width, height = WIDEST * POINTS, HIGHEST * POINTS
    else:
        width = figure.bbox.width / figure.dpi * POINTS
        height = figure.bbox.height / figure.dpi * POINTS
    free_height = height - 2 * MARGIN - (TITLE if title else 0.0)
    return min(1.0, (width - 2 * MARGIN) / plan.width, free_height / plan.height)


def fitting_size(plan: Plan, title: str) -> tuple[float, float]:
    """The width and height, in inches, of a new figure for a plan and its title.

    Used by `draw_graph`.
    """
    scale = scale_in(None, plan, title)
    width = max(plan.width * scale, marks.text_width(title, 11.0)) + 2 * MARGIN
    height = plan.height * scale + 2 * MARGIN + (TITLE if title else 0.0)
    return width / POINTS, height / POINTS


def _planned(graph, facts, labels, stacked: bool) -> Plan:
    place = {node: k for k, node in enumerate(graph)}
    numbered = networkx.relabel_nodes(graph, place)
    lines = [marks.lines_of(known, stacked) for known in facts]
    sizes = [marks.size_of(line) for line in lines]
    placed = arrange(numbered, sizes, across=_room_after(numbered, labels).get)
    routes = _with_ports(placed)
    return Plan(lines, placed.boxes, routes, placed.width, placed.height)


def _room_after(graph, labels) -> dict[int, float]:
    """The free room right of each layer: more where labels stand."""
    layers = layers_of(graph)
    room = dict.fromkeys(layers.values(), GAP)
    for (_, end), text in labels.items():
        before = layers[end] - 1
        room[before] = max(room[before], marks.label_width(text) + LABEL_GAP)
    return room


def _with_ports(placed) -> dict:
    """The routes, with arrows into one box arriving side by side."""
    arriving = {}
    for edge in placed.routes:
        arriving.setdefault(edge[1], []).append(edge)
    routes = dict(placed.routes)
    for node, edges in arriving.items():
        box = placed.boxes[node]
        edges.sort(key=lambda edge: routes[edge][-2][1])
        for k, edge in enumerate(edges):
            share = (k + 1) / (len(edges) + 1) - 0.5
            end = (box.left, box.middle + share * 0.7 * box.height)
            routes[edge] = [*routes[edge][:-1], end]
    return routes
