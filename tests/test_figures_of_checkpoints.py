"""What the figures of chapter 10 show is what runs do, and what a disk leaves."""

import ast
import json
from pathlib import Path

import nbformat
import pytest

from helpers.exercises.chapter_10.e5_two_files.disk import PIECE, Disk

NOTEBOOK = Path(__file__).resolve().parents[1] / "chapters/10_checkpoints.ipynb"
WORDS = {b"old": "old", b"new": "new", PIECE: "piece", None: "gone"}


@pytest.fixture(scope="module")
def names():
    """What the notebook's cells define, down to the live figure, which is `shown`."""
    found = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        shows = cell.source.partition("\nLiveFigure(")
        if cell.cell_type == "code":
            exec(
                "\nshown = LiveFigure(".join(shows[::2]) if shows[1] else cell.source,
                found,
            )
        if shows[1]:
            return found


@pytest.mark.parametrize("at", ["6", "54"])
@pytest.mark.parametrize("method", ["Adam", "momentum"])
def test_a_run_that_forgets_nothing_lies_on_the_one_never_stopped(names, method, at):
    losses, apart, right = names["forgetful"](method, int(at), ())
    assert losses == right and set(apart) == {0.0}
    ticks = dict.fromkeys(names["NAMES"].values(), True)
    names["shown"].update(method=method, stopped_at=at, **ticks)
    assert names["shown"].error is None


@pytest.mark.parametrize("forgotten", range(8))
def test_each_thing_that_is_forgotten_is_drawn(names, forgotten):
    ticks = dict.fromkeys(names["NAMES"].values(), True)
    ticks[list(ticks)[forgotten]] = False
    names["shown"].update(method="Adam", stopped_at="54", **ticks)
    assert names["shown"].error is None
    what = names["FORGETTABLE"][forgotten]
    apart = names["forgetful"]("Adam", 54, (what,))[1]
    assert (max(apart) == 0) == (what == "batch norm's buffers")


def scenes():
    """The table that the figure draws, read from its cell."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    (source,) = [each for each in sources if "\nSCENES = " in each]
    return ast.literal_eval(ast.parse(source).body[0].value)


STEPS = (
    lambda disk: None,
    lambda disk: disk.write("run.pt.part", b"new"),
    lambda disk: disk.flush("run.pt.part"),
    lambda disk: disk.rename("run.pt.part", "run.pt"),
    lambda disk: disk.flush_folder(),
)


def after(count):
    """A disk after the first steps of write_whole."""
    disk = Disk({"run.pt": b"old"})
    for step in STEPS[: count + 1]:
        step(disk)
    return disk


def said(text):
    """The possibilities that a box of the figure names."""
    if text == "?":
        return {"piece", "gone"}
    return set(text.split(" or ")) if text else {"gone"}


@pytest.mark.parametrize("count", range(5))
def test_a_power_cut_leaves_what_the_figure_says(count):
    folders = list(after(count).left())
    for name, text in zip(("run.pt", "run.pt.part"), scenes()[count][3:], strict=True):
        assert {WORDS[each.get(name)] for each in folders} == said(text)


@pytest.mark.parametrize("count", range(5))
def test_a_kill_leaves_what_the_figure_says(count):
    """What a program wrote stays in memory; a kill within the write leaves a piece."""
    disk = after(count)
    there = {name: disk.inodes[inode] for name, inode in disk.folder.items()}
    if count == 1:
        there["run.pt.part"] = PIECE
    for name, text in zip(("run.pt", "run.pt.part"), scenes()[count][1:3], strict=True):
        assert {WORDS[there.get(name)]} == said(text)


def test_at_every_step_there_is_a_whole_file():
    for count in range(5):
        assert all(each["run.pt"] is not PIECE for each in after(count).left())
