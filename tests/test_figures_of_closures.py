"""The live figures of chapters 11 and 12 can be drawn whatever is chosen."""

from pathlib import Path

import nbformat
import pytest
import torch

from helpers.viz.widgets import LiveFigure, Stepper

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"


def figures_of(chapter, count):
    """The first live figures of a chapter, from its cells down to the last of them."""
    figures, names = [], {}
    for cell in nbformat.read(CHAPTERS / chapter, as_version=4).cells:
        if cell.cell_type == "code" and len(figures) < count:
            *_, last = cell.source.splitlines()
            shows = last.startswith(("widgets.LiveFigure(", "stepper"))
            source = cell.source.removesuffix(last) + "shown = " + last
            exec(source if shows else cell.source, names)
            if shows:
                figures.append(names["shown"])
    return figures, names


@pytest.fixture
def default_dtype():
    """Puts the default dtype back, which chapter 12 sets."""
    dtype = torch.get_default_dtype()
    yield
    torch.set_default_dtype(dtype)


def test_each_step_is_drawn_where_the_hessian_is_indefinite_too(default_dtype):
    (stepper, paths), _ = figures_of("12_lbfgs.ipynb", 2)
    assert isinstance(stepper, Stepper)
    failed = {}
    for step in range(stepper.state()["count"]):
        stepper.go_to(step)
        if stepper.error is not None:
            failed[step] = stepper.error
    assert failed == {}
    assert isinstance(paths, LiveFigure)
    for x, y in ((-4.5, -4.5), (4.5, 4.5), (-0.3, -0.9), (0.0, 0.0)):
        paths.update(x=x, y=y)
        assert paths.error is None


def test_the_search_of_figure_11_1_ends_where_it_is_green():
    (search,), names = figures_of("11_closures.ipynb", 1)
    green = []
    draw_line = names["draw_line"]

    def watched(ax, values, line, good, trials):
        nearest = (names["t"] - trials[-1][0]).abs().argmin()
        green.append(bool(good[nearest - 1 : nearest + 2].any()))
        return draw_line(ax, values, line, good, trials)

    names["draw_line"] = watched
    for curve in ("wavy", "valley"):
        for how in ("bisection", "cubic"):
            for first in (0.01, 4.0, 100.0):
                search.update(curve=curve, search=how, first=first, c1=0.01, c2=0.3)
                assert search.error is None
    assert len(green) >= 11
    assert all(green)
