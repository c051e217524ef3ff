"""The live figure of chapter 16 is drawn whatever is chosen, and shows what it says."""

from itertools import product
from pathlib import Path

import nbformat
import pytest

from helpers import museum
from helpers.museum import reports
from helpers.viz.widgets import LiveFigure

CHAPTER = Path(__file__).resolve().parents[1] / "chapters/16_museum.ipynb"


@pytest.fixture(scope="module")
def names():
    """The names of the cells that make the live figure; the figure is `live`."""
    found = {}
    for cell in nbformat.read(CHAPTER, as_version=4).cells:
        is_part = cell.source.startswith(
            ("import math", "# Writes the loop for Figure 16.5", "# Draws Figure 16.5")
        )
        if cell.cell_type == "code" and is_part:
            source = cell.source.replace("LiveFigure(draw", "live = LiveFigure(draw")
            exec(source, found)
    return found


def test_every_mixture_is_drawn(names):
    live = names["live"]
    assert isinstance(live, LiveFigure)
    options = {
        name: [value for _, value in control._options_full]
        for name, control in live.controls.items()
    }
    options["lr"] = [0.5]
    for values in product(*options.values()):
        live.update(**dict(zip(options, values, strict=True)))
        assert live.error is None, values
    for lr in (0.0, 0.1, 5.0, 500.0):
        live.update(lr=lr)
        assert live.error is None


def test_the_first_mixture_looks_healthy_and_is_not(names):
    choices = {"zero_grad": "never", "step": "last", "optimizer": "model"}
    source = names["mixed"](**choices, ends_in="Linear", lr=0.5)
    run = museum.run(source, "mixed.py")
    assert run.losses[-1] < 0.1 * run.losses[0]
    assert [finding.key for finding in run.findings] == ["zero-grad-missing"]


def test_a_mixture_that_is_right_is_healthy_and_one_raises(names):
    choices = {"optimizer": "model", "ends_in": "Linear", "lr": 0.5}
    right = names["mixed"](zero_grad="first", step="last", **choices)
    assert museum.run(right, "mixed.py").findings == []
    early = names["mixed"](zero_grad="never", step="before backward", **choices)
    assert museum.run(early, "mixed.py").error is not None


def test_groups_of_reports_are_counted_alike():
    for keys in reports.TOGETHER.values():
        counts = {e.seen for e in museum.EXHIBITS if e.key in keys}
        assert len(counts) == 1
