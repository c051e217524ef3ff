"""A remembered layout gives each drawing the room that a fresh one would give it."""

import functools

import pytest

from helpers.viz.remembered_layout import RememberedLayout
from helpers.viz.style import PADS, Figure

DRAWINGS = {
    "plain": {},
    "name beside": {"ylabel": "loss"},
    "two lines beside": {"ylabel": "two\nlines"},
    "high numbers": {"ylabel": "loss", "top": 1e5},
    "wide numbers": {"ylabel": "loss", "bottom": -0.875, "top": 0.875},
    "powers of ten": {"ylabel": "loss", "yscale": "log", "bottom": 1e-7},
    "title": {"title": "t"},
    "title at the left": {"title_left": "an error\nin two lines"},
    "title at the right": {"title_right": "t"},
    "line above all": {"suptitle": "t"},
    "name below all": {"supxlabel": "epoch"},
    "square": {"ylabel": "y", "aspect": "equal"},
    "low and square": {"ylabel": "y", "aspect": "equal", "top": 0.2},
    "high and square": {"ylabel": "y", "aspect": "equal", "bottom": -4.0, "top": 4.0},
}


def draw(figure, ylabel="", bottom=0.0, top=1.0, **options):
    """Draw on the cleared figure what the options say; returns its axes."""
    figure.clear()
    axes = figure.subplots()
    axes.plot([0.0, 1.0], [bottom, top])
    axes.set(ylabel=ylabel, ylim=(bottom, top), title=options.get("title", ""))
    axes.set(yscale=options.get("yscale", "linear"))
    axes.set(aspect=options.get("aspect", "auto"))
    for side in ("left", "right"):
        axes.set_title(options.get(f"title_{side}", ""), loc=side)
    for name in {"suptitle", "supxlabel"} & set(options):
        getattr(figure, name)(options[name])
    figure.draw_without_rendering()
    return axes


def corners(axes):
    """The corners of the axes and of the name beside them, in pixels."""
    name = axes.yaxis.label.get_window_extent()
    return (*axes.bbox.bounds, *(name.bounds if axes.get_ylabel() else ()))


@functools.cache
def corners_drawn_first(name):
    """The corners on a figure on which nothing was drawn before."""
    return corners(draw(Figure(layout=RememberedLayout(**PADS)), **DRAWINGS[name]))


@pytest.fixture
def figure():
    return Figure(layout=RememberedLayout(**PADS))


@pytest.mark.parametrize("one", list(DRAWINGS)[:-1])
def test_what_was_drawn_before_leaves_no_trace(figure, one):
    names = list(DRAWINGS)
    draw(figure, **DRAWINGS[one])
    for other in names[names.index(one) + 1 :]:
        for name in (other, one):
            found = corners(draw(figure, **DRAWINGS[name]))
            assert found == pytest.approx(corners_drawn_first(name), abs=3), other


def test_equal_room_keeps_the_place_without_measuring(figure, monkeypatch):
    first = corners(draw(figure, **DRAWINGS["wide numbers"]))
    parent = RememberedLayout.__mro__[1]
    monkeypatch.setattr(parent, "execute", lambda *_: pytest.fail("measured again"))
    options = DRAWINGS["wide numbers"] | {"bottom": -0.8}
    assert corners(draw(figure, **options)) == pytest.approx(first)
