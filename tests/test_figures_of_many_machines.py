"""What the live figure of chapter 15 shows: the scaling curve."""

import itertools
from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).resolve().parents[1] / "chapters/15_many_machines.ipynb"
DRAWN = (
    "import torch",
    "def message_seconds",
    "# Compares the model with",
    "# Shows Figure 15.4",
)


@pytest.fixture(scope="module")
def names():
    """What the cells of the live figure define; no process is started."""
    found = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code" and cell.source.startswith(DRAWN):
            source = cell.source.replace("\nLiveFigure(", "\nscaling = LiveFigure(")
            exec(source, found)
    return found


def test_the_scaling_curve_falls_and_the_tree_keeps_it_up(names):
    worth, ranks = names["worth"], names["RANKS"]
    for compute, speed, latency in itertools.product(
        (0.01, 0.3), (1.25e9, 50e9), (5e-6, 5e-5)
    ):
        ring = [worth(n, compute, latency, speed) for n in ranks]
        tree = [worth(n, compute, latency, speed, True) for n in ranks]
        assert ring[0] == tree[0] == 1
        assert ring == sorted(ring, reverse=True)
        assert all(t >= r - 1e-12 for t, r in zip(tree, ring, strict=True))
    for tree in (False, True):
        names["scaling"].update(tree=tree, compute=10, speed="1.25", latency=50)
        assert names["scaling"].error is None


def test_the_model_is_near_what_was_published(names):
    assert max(names["errors"]) < 0.05
