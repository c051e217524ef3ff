"""One look for every figure of the course: a colour means the same thing everywhere.

With this module one can:

- look up the colour, dashes and marker of a meaning (`COLORS`, `DASHES`, `MARKERS`),
- look up those of an optimizer's method, the same in every chapter (`METHODS`),
- draw a line in either (`look`),
- make a figure that a notebook shows as a picture, in JupyterLab's light and dark theme
  alike (`new_figure`, `Figure`).

The colours are those of Okabe and Ito, which colour-blind readers can tell apart; each
meaning has its own dashes and marker too, so that no figure needs colour to be read.
"""

import base64

import matplotlib
import matplotlib.figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import AutoLocator

from helpers.viz.png import small_png

COLORS = {
    "parameters": "#0072B2",
    "gradients": "#D55E00",
    "steps": "#009E73",
    "state": "#CC79A7",
    "loss": "#000000",
    "reference": "#999999",
    "warning": "#F0E442",
}
DASHES = {
    "parameters": "-",
    "gradients": (0, (5, 1.5)),
    "steps": (0, (5, 1.5, 1, 1.5)),
    "state": (0, (1, 1)),
    "loss": "-",
    "reference": (0, (3, 2)),
    "warning": "-",
}
MARKERS = {
    "parameters": "o",
    "gradients": "^",
    "steps": "s",
    "state": "D",
    "loss": "",
    "reference": "x",
    "warning": "*",
}
METHODS = {
    "SGD": {"color": "#332288", "linestyle": "-", "marker": "o"},
    "momentum": {"color": "#4477AA", "linestyle": (0, (5, 1.5)), "marker": "s"},
    "Nesterov": {"color": "#2E8B7A", "linestyle": (0, (5, 1.5, 1, 1.5)), "marker": "D"},
    "Adagrad": {"color": "#7F7F17", "linestyle": (0, (1, 1)), "marker": "v"},
    "RMSprop": {
        "color": "#AA6600",
        "linestyle": (0, (3, 1, 1, 1, 1, 1)),
        "marker": "P",
    },
    "Adam": {"color": "#CC3355", "linestyle": "-", "marker": "^"},
    "AdamW": {"color": "#882255", "linestyle": (0, (5, 1.5)), "marker": "<"},
    "CG": {"color": "#117733", "linestyle": "-", "marker": "X"},
    "LBFGS": {"color": "#AA4499", "linestyle": (0, (8, 2)), "marker": "*"},
    "SciPy": {"color": "#999999", "linestyle": (0, (3, 2)), "marker": "x"},
}
INK, PAPER, GRID = "#222222", "#FFFFFF", "#E4E4E4"
DPI = 110
PADS = {"w_pad": 0.08, "h_pad": 0.08}

_AXES = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#666666",
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(
        color=[COLORS[name] for name in ("parameters", "gradients", "steps", "state")],
        linestyle=[DASHES[n] for n in ("parameters", "gradients", "steps", "state")],
    ),
    "grid.color": GRID,
    "xtick.color": "#666666",
    "ytick.color": "#666666",
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


def look(meaning: str, **changes) -> dict:
    """Colour and dashes of a meaning or a method, as keywords for matplotlib's `plot`.

    Args:
        meaning: a key of `COLORS`, or of `METHODS`.
        changes: further keywords, or others in place of these.

    Raises: ValueError for a meaning that has no colour.

    >>> look("loss", linewidth=2)
    {'color': '#000000', 'linestyle': '-', 'linewidth': 2}
    >>> look("Adam")
    {'color': '#CC3355', 'linestyle': '-'}
    """
    if meaning in METHODS:
        method = METHODS[meaning]
        return {"color": method["color"], "linestyle": method["linestyle"]} | changes
    if meaning not in COLORS:
        raise ValueError(
            f"meaning = {meaning!r} has no colour; the meanings are "
            f"{', '.join(COLORS)}, the methods {', '.join(METHODS)}. Take one of them"
        )
    return {"color": COLORS[meaning], "linestyle": DASHES[meaning]} | changes


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure in the course's look that a notebook shows by itself.

    End a cell with it. The background is white in every theme, and no pyplot is
    involved.

    Args:
        figsize: width and height, in inches.
        description: what is drawn, in words: the text beside the picture, and what a
            screen reader reads. Unless given, the names of the axes make it.
        options: what matplotlib's own Figure takes.

    >>> figure = Figure(figsize=(3, 2))
    >>> axes = figure.subplots()
    >>> _ = axes.set(xlabel="epoch", ylabel="loss")
    >>> figure
    Figure(loss against epoch)
    """

    def __init__(self, figsize=(7.0, 3.0), description: str = "", **options):
        layout = ConstrainedLayoutEngine(**PADS)
        options = {"dpi": DPI, "facecolor": PAPER, "layout": layout} | options
        super().__init__(figsize=figsize, **options)
        self.given_description = description

    @property
    def description(self) -> str:
        """What is drawn, in words: as given, or `loss against epoch; ...`."""
        drawn = [_axis_names(axes) for axes in self.axes]
        return self.given_description or "; ".join(name for name in drawn if name)

    @description.setter
    def description(self, words: str):
        self.given_description = words

    def add_subplot(self, *args, **options):
        """As matplotlib's `add_subplot` (and so `subplots`), in the course's look."""
        with matplotlib.rc_context(_AXES):
            return _with_few_ticks(super().add_subplot(*args, **options))

    def add_axes(self, *args, **options):
        """As matplotlib's `add_axes`, in the course's look."""
        with matplotlib.rc_context(_AXES):
            return _with_few_ticks(super().add_axes(*args, **options))

    def __repr__(self):
        return f"Figure({self.description})"

    def _repr_mimebundle_(self, include=None, exclude=None):
        picture = base64.b64encode(small_png(self)).decode()
        data = {"image/png": picture, "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.description or "a figure"}}


def _with_few_ticks(axes):
    """At most seven ticks an axis: enough to read, and a fifth less time to draw."""
    for axis in (axes.xaxis, axes.yaxis):
        if isinstance(axis.get_major_locator(), AutoLocator):
            axis.get_major_locator().set_params(nbins=6)
    return axes


def _axis_names(axes) -> str:
    horizontal, vertical = axes.get_xlabel(), axes.get_ylabel()
    return " against ".join(name for name in (vertical, horizontal) if name)


def new_figure(
    rows: int = 1, columns: int = 1, width: float = 7.0, height: float = 3.0, **options
):
    """A new `Figure` and its axes, ready to draw on.

    Args:
        rows, columns: of axes; one comes alone, more come as an array.
        width, height: of the whole, in inches.
        options: for matplotlib's `subplots`, such as `sharey=True`.

    >>> figure, (left, right) = new_figure(columns=2, height=2.5)
    >>> _ = left.plot([3.0, 1.0, 0.5], **look("loss"))
    """
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(rows, columns, **options)
