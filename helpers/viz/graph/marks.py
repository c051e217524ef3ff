"""The marks of a drawn graph: boxes with texts, arrows, and labels on arrows.

With this module one can:

- say what a box shows (`lines_of`), and measure it before it is drawn (`size_of`),
- draw a box and an arrow (`draw_box`, `draw_arrow`),
- find spots for labels so that none covers another, and draw them (`label_spots`,
  `draw_label`).

Lengths are in points at the size of the text, x to the right, y down.
"""

import functools
import operator
from typing import NamedTuple

from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from helpers.viz.style import COLORS, INK, PAPER

FONT, LABEL_FONT, LINE = 10.0, 9.0, 14.5
PAD_X, PAD_Y, CORNER = 8.0, 4.5, 6.0
STEADY = 62.0  # the width of a gradient that may be another one in the next drawing
# Where on its curve a label may stand, from its start to its end, the best place first.
SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
ROUNDS, MARGIN = 4, 2.0
LEAF_FILL, MARKED_FILL, LINE_COLOR = "#E5F1F8", "#FBE3D6", "#777777"


class Part(NamedTuple):
    """A piece of text in one colour and weight, and the least width it gets."""

    text: str
    color: str = INK
    weight: str = "normal"
    least: float = 0.0


def lines_of(facts: dict, stacked: bool) -> list[list[Part]]:
    """The lines in a box, from the facts of its node; see `graph_of`.

    Name and value share a line, or stand in two if `stacked`. A gradient of None takes
    no room; facts with `steady` keep room for one, whatever it is.

    >>> facts = {"operation": "+", "name": "z", "value": 11.0, "gradient": 1.0}
    >>> [[part.text for part in line] for line in lines_of(facts, stacked=False)]
    [['+ → z', ' = 11'], ['grad 1']]
    """
    operation, name, value = facts["operation"], facts["name"], facts["value"]
    head = f"{operation} → {name}" if operation and name else operation or name or ""
    blue, gradient = COLORS["parameters"], facts["gradient"]
    first = [Part(head, weight="bold")] if head else []
    if value is not None:
        shape = isinstance(value, tuple)
        sign = "" if stacked or not head else " " if shape else " = "
        first.append(Part(f"{sign}{value if shape else number(value)}", blue))
    lines = [[part] for part in first] if stacked else [first]
    if gradient is not None or "steady" in facts:
        text = "" if gradient is None else f"grad {number(gradient)}"
        least = STEADY if "steady" in facts else 0.0
        lines.append([Part(text, COLORS["gradients"], least=least)])
    return [line for line in lines if line]


def number(value: float) -> str:
    """A number in four digits at most; no minus before zero.

    >>> number(-0.00001234), number(2.0), number(-0.0)
    ('-1.234e-05', '2', '0')
    """
    return f"{value + 0.0:.4g}"


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: float = FONT, weight: str = "normal") -> float:
    """The width of a text, in points.

    >>> text_width("wide") > text_width("ill") > 0
    True
    """
    font = FontProperties(size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return float(width)


def label_width(text: str) -> float:
    """The width of the label of an arrow, in points.

    >>> label_width("0.25") < text_width("0.25")
    True
    """
    return text_width(text, LABEL_FONT)


def size_of(lines: list[list[Part]]) -> tuple[float, float]:
    """The width and height of a box around these lines.

    >>> size_of([[Part("x")]]) < size_of([[Part("x")], [Part("grad 6")]])
    True
    """
    width = max((_width(line) for line in lines), default=0.0)
    return max(width, 10.0) + 2 * PAD_X, max(len(lines), 1) * LINE + 2 * PAD_Y


def _width(line) -> float:
    return sum(max(text_width(p.text, weight=p.weight), p.least) for p in line)


def draw_box(axes, box, lines, scale: float, leaf: bool, marked: bool) -> None:
    """Draw a node: leaves are filled in light blue, marked nodes in light orange."""
    top = box.middle - box.height / 2
    quiet = COLORS["parameters"] if leaf else LINE_COLOR
    patch = FancyBboxPatch(
        (box.left, top),
        box.width,
        box.height,
        boxstyle=f"round,pad=0,rounding_size={CORNER}",
        facecolor=MARKED_FILL if marked else LEAF_FILL if leaf else PAPER,
        edgecolor=COLORS["gradients"] if marked else quiet,
        linewidth=(2.0 if marked else 1.0) * scale,
        zorder=2,
    )
    axes.add_patch(patch)
    for row, line in enumerate(lines):
        _write(axes, box, top + PAD_Y + (row + 0.5) * LINE, line, scale)


def _write(axes, box, middle, line, scale):
    """Write the parts of a line side by side, centred in the box, on one baseline."""
    widths = [text_width(part.text, weight=part.weight) for part in line]
    left = box.left + (box.width - sum(widths)) / 2
    for part, width in zip(line, widths, strict=True):
        axes.text(
            *(left, middle + 0.36 * FONT, part.text),
            color=part.color,
            weight=part.weight,
            fontsize=FONT * scale,
            parse_math=False,
            zorder=3,
        )
        left += width


def _handles(start, end) -> tuple:
    """The two inner points of a curve that leaves `start` and arrives at `end` level.

    >>> _handles((0, 0), (10, 4))
    ((5.0, 0), (5.0, 4))
    """
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1])


def draw_arrow(axes, route, scale: float, marked: bool) -> None:
    """Draw an arrow through the corners of a route, curved between layers."""
    codes, points = [Path.MOVETO], [route[0]]
    for start, end in zip(route[::2], route[1::2], strict=True):
        if start != points[-1]:
            codes, points = [*codes, Path.LINETO], [*points, start]
        codes += [Path.CURVE4] * 3
        points += [*_handles(start, end), end]
    arrow = FancyArrowPatch(
        path=Path(points, codes),
        arrowstyle="-|>,head_length=0.45,head_width=0.22",
        mutation_scale=11 * scale,
        color=COLORS["gradients"] if marked else LINE_COLOR,
        linewidth=(1.8 if marked else 1.0) * scale,
        joinstyle="round",
        zorder=1,
    )
    axes.add_patch(arrow)


def label_spots(routes: dict, widths: dict) -> dict:
    """For each edge in `widths`, the point (x, y) for the middle of its label.

    `routes` holds the corners of each arrow, `widths` the widths of labels. Labels
    start in the middle of their curves; then each in turn moves to where it covers
    least of the others, a few times over.

    >>> label_spots({("a", "b"): [(0, 0), (60, 0)]}, {("a", "b"): 10})
    {('a', 'b'): (30.0, 0.0)}
    """
    spots = {edge: _on_curve(*routes[edge][-2:], SHARES[0]) for edge in widths}
    for _ in range(ROUNDS):
        for edge, width in widths.items():
            others = [(spots[e], w) for e, w in widths.items() if e != edge]
            free = [_on_curve(*routes[edge][-2:], share) for share in SHARES]
            spots[edge] = min(free, key=lambda spot: _covered(spot, width, others))
    return spots


def _on_curve(start, end, share: float) -> tuple[float, float]:
    points = (start, *_handles(start, end), end)
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    x, y = (sum(map(operator.mul, weights, axis)) for axis in zip(*points, strict=True))
    return x, y


def _covered(spot, width, others) -> float:
    """How much of the other labels a label at `spot` would cover, in square points."""
    total = 0.0
    for (x, y), other in others:
        across = (width + other) / 2 + MARGIN - abs(spot[0] - x)
        down = LABEL_FONT + MARGIN - abs(spot[1] - y)
        total += max(across, 0) * max(down, 0)
    return total


def draw_label(axes, spot, text: str, scale: float) -> None:
    """Write the label of an arrow at a spot, on a little white ground."""
    axes.text(
        *(*spot, text),
        horizontalalignment="center",
        verticalalignment="center",
        fontsize=LABEL_FONT * scale,
        color=COLORS["gradients"],
        parse_math=False,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2 * scale},
        zorder=1.5,
    )
