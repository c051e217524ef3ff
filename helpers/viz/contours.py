"""Contour lines that are found once and drawn in many pictures.

To find them takes longer than all else in a picture that follows a slider.
"""

from matplotlib.collections import PathCollection
from matplotlib.figure import Figure


def contour_paths(across, up, heights, levels) -> list:
    """Find the contour lines of heights over a grid, a `Path` for each level.

    Args:
        across, up: the grid's places, two increasing vectors of lengths m and n.
        heights: an array or tensor of shape (n, m): a row for each place of `up`.
        levels: the heights of the lines, increasing; or about how many there shall be.

    >>> from numpy import add, linspace
    >>> side = linspace(-1, 1, 9)
    >>> (circle,) = contour_paths(side, side, add.outer(side**2, side**2), [0.5])
    >>> float((circle.vertices**2).sum(1).max().round(2))
    0.5
    """
    return Figure().subplots().contour(across, up, heights, levels).get_paths()


def draw_contours(axes, paths: list, color="0.7", linewidth: float = 0.8) -> None:
    """Draw contour lines that `contour_paths` found; the limits of `axes` stay.

    Args:
        axes: of matplotlib.
        paths: what `contour_paths` returned.
        color, linewidth: as matplotlib has them; the width in points.

    >>> axes = Figure().subplots()
    >>> draw_contours(axes, contour_paths([0, 1], [0, 1], [[0, 1], [0, 1]], [0.5]))
    >>> len(axes.collections)
    1
    """
    look = {"facecolors": "none", "edgecolors": color, "linewidths": linewidth}
    axes.add_collection(PathCollection(paths, **look), autolim=False)
