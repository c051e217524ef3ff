"""A constrained layout for figures that are drawn again and again.

Matplotlib's own measures every text of a figure twice at each drawing; for a picture
under a moving slider that is half of the time.
"""

from typing import NamedTuple

from matplotlib.layout_engine import ConstrainedLayoutEngine


class Place(NamedTuple):
    """Where axes stand in the figure, and their two names in the axes."""

    bounds: object
    names: tuple


class RememberedLayout(ConstrainedLayoutEngine):
    """Constrained layout that keeps its last result while the same texts take room.

    What counts is how many lines or characters each title, name and tick label has,
    the size and grid of the figure, and the shape of axes whose units are equal: while
    these stay, so do the axes and names.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure(layout=RememberedLayout())
    >>> axes = figure.subplots()
    >>> figure.draw_without_rendering()
    >>> bool(axes.get_position().x0 < 0.1)
    True
    """

    def __init__(self, **pads):
        super().__init__(**pads)
        self.known, self.places = None, []

    def execute(self, fig):
        """Lay out `fig`: as remembered if it takes the same room, else afresh."""
        room = room_of(fig)
        if room != self.known:
            super().execute(fig)
            self.known, self.places = room, [_place_of(axes) for axes in fig.axes]
            return
        for axes, place in zip(fig.axes, self.places, strict=True):
            axes.set_position(place.bounds)
            for axis, spot in zip((axes.xaxis, axes.yaxis), place.names, strict=False):
                axis.set_label_coords(*spot)


def _place_of(axes) -> Place:
    """Where axes and their names stand; of names, only those of a flat chart."""
    bounds = axes.get_position()
    if axes.name != "rectilinear":
        return Place(bounds, ())
    axes.get_tightbbox()  # puts the names where they belong
    into_axes = axes.transAxes.inverted().transform
    across, _ = axes.xaxis.label.get_position()
    _, up = axes.yaxis.label.get_position()
    below = into_axes((0, axes.xaxis.label.get_position()[1]))[1]
    beside = into_axes((axes.yaxis.label.get_position()[0], 0))[0]
    return Place(bounds, ((across, below), (beside, up)))


def room_of(figure) -> tuple:
    """What decides how much room the texts of a figure need.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> axes = figure.subplots()
    >>> before = room_of(figure)
    >>> _ = axes.set_title("loss")
    >>> room_of(figure) == before
    False
    """
    around = tuple(text.get_text() for text in figure.texts)
    return (*figure.get_size_inches(), around, *map(_room_of_axes, figure.axes))


def _room_of_axes(axes) -> tuple:
    titles = (axes.get_title(loc=side) for side in ("left", "center", "right"))
    texts = (*titles, axes.get_xlabel(), axes.get_ylabel())
    lines = tuple(text.count("\n") + bool(text) for text in texts)
    legend = axes.get_legend()
    outside = legend is not None and legend.get_bbox_to_anchor() is not axes.bbox
    grid = axes.get_subplotspec()
    cells = grid and (grid.get_geometry(), grid.get_gridspec().get_width_ratios())
    return (
        lines,
        cells,
        outside,
        axes.axison,
        axes.get_aspect() != "auto" and axes.get_data_ratio(),
        *map(_room_of_ticks, (axes.xaxis, axes.yaxis)),
    )


def _room_of_ticks(axis) -> tuple[int, int]:
    """How many lines the tick labels on show have, and how long the longest is."""
    low, high = sorted(axis.get_view_interval())
    shown = [place for place in axis.get_majorticklocs() if low <= place <= high]
    labels = axis.major.formatter.format_ticks(shown)
    lines = [line for label in labels for line in label.split("\n")]
    return max(map(len, lines), default=0), len(lines) > len(labels)
