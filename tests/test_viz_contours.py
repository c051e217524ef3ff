"""Contour lines found once are matplotlib's own, wherever they are drawn."""

import io

import numpy as np
import pytest
import torch
from matplotlib.path import Path
from PIL import Image

from helpers.viz.contours import contour_paths, draw_contours
from helpers.viz.png import quick_png
from helpers.viz.style import Figure

SIDE = np.linspace(-2, 2, 41)
HEIGHTS = np.sin(2 * SIDE) * np.cos(3 * SIDE[:, None])  # several lines a level
LEVELS = [-0.5, 0.0, 0.5, 2.0]  # the last is nowhere


def picture(draw):
    figure = Figure(figsize=(3, 3))
    axes = figure.subplots()
    draw(axes)
    axes.set(xlim=(-2, 2), ylim=(-2, 2))
    image = Image.open(io.BytesIO(quick_png(figure))).convert("L")
    return np.asarray(image, dtype=float)


def test_they_are_drawn_as_matplotlib_draws_them():
    paths = contour_paths(SIDE, SIDE, HEIGHTS, LEVELS)
    options = {"colors": "0.2", "linewidths": 1.5}
    theirs = picture(lambda axes: axes.contour(SIDE, SIDE, HEIGHTS, LEVELS, **options))
    ours = picture(lambda axes: draw_contours(axes, paths, "0.2", 1.5))
    ink = np.abs(picture(lambda axes: None) - theirs).sum()
    assert np.abs(ours - theirs).sum() < 0.1 * ink  # their edges are smoothed apart


def test_a_level_is_a_path_whatever_lines_it_has():
    paths = contour_paths(SIDE, SIDE, HEIGHTS, LEVELS)
    assert len(paths) == len(LEVELS)
    assert all(isinstance(path, Path) for path in paths)
    starts = [(path.codes == Path.MOVETO).sum() for path in paths[:3]]
    assert min(starts) > 1 and len(paths[3].vertices) == 0


def test_tensors_serve_as_arrays():
    side = torch.from_numpy(SIDE)
    paths = contour_paths(side, side, torch.from_numpy(HEIGHTS), LEVELS)
    for found, expected in zip(
        paths, contour_paths(SIDE, SIDE, HEIGHTS, LEVELS), strict=True
    ):
        assert found.vertices.tolist() == expected.vertices.tolist()


def test_heights_of_another_shape_are_refused():
    with pytest.raises(TypeError, match="must match"):
        contour_paths(SIDE, SIDE[1:], HEIGHTS, LEVELS)
