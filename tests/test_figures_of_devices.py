"""What the figures of chapter 13 show is what devices do."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOK = Path(__file__).resolve().parents[1] / "chapters/13_devices.ipynb"
LAST = "LiveFigure(draw_timeline"


@pytest.fixture(scope="module")
def names():
    """What the cells define, down to the timeline, which is `shown`."""
    found = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        exec(cell.source.replace(LAST, f"shown = {LAST}"), found)
        if LAST in cell.source:
            return found


@pytest.mark.parametrize("read_every", range(1, 11))
def test_the_timeline_has_no_two_things_at_once(names, read_every):
    for prepare in (1, 5, 9):
        for kernel in (1, 5, 9):
            names["shown"].update(prepare=prepare, kernel=kernel, read_every=read_every)
            assert names["shown"].error is None
            prepared, computed, waited = names["timeline"](
                10, prepare, kernel, read_every
            )
            of_cpu = sorted(prepared + waited)
            for busy in (of_cpu, computed):
                ends = [start + length for start, length in busy]
                starts = [start for start, _ in busy[1:]]
                pairs = zip(ends, starts, strict=False)
                assert all(end <= start for end, start in pairs)
            for (asked, length), (start, _) in zip(prepared, computed, strict=True):
                assert asked + length <= start
            assert len(waited) == 10 // read_every
            assert sum(computed[-1]) <= 180  # the axis goes to 200
