"""The loop doctor beside each chapter: it finds the scenes that are meant, no more."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.loop.doctor_scripts import CHAPTERS
from tools import chapters

WATCH = "from helpers.loop import doctor\ndoctor.watch()"
TELL = """
import json, linecache, sys
from helpers.loop.doctor import session
sys.stdout.write("FOUND " + json.dumps([
    [found.key, linecache.getline(*found.place).strip(), found.text]
    for found in session.findings()
]) + "\\n")
"""
# By chapter: (key, a fragment of the guilty line) of each loop that is broken on
# purpose.
MEANT = {}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem[:2])
def test_chapter_shows_only_what_it_means_to(path):
    meant, told = list(MEANT.get(path.stem[:2], [])), findings_beside(path)
    for key, line, text in told:
        scenes = [each for each in meant if each[0] == key and each[1] in line]
        assert scenes, f"{key} at {line!r}: {text}"
        meant.remove(scenes[0])
    assert not meant, "these scenes were not seen"


def findings_beside(path):
    """The (key, guilty line) of each finding, with the whole chapter under watch."""
    notebook = nbformat.read(path, as_version=4)
    cells = [new_code_cell(WATCH)]
    for cell in notebook.cells:
        watches_itself = cell.cell_type == "code" and "doctor.watch()" in cell.source
        around = [new_code_cell(TELL)], [new_code_cell(WATCH)]
        before, after = around if watches_itself else ([], [])
        cells += [*before, cell, *after]
    notebook.cells = [*cells, new_code_cell(TELL)]
    fresh = chapters.execute(notebook, path.parent, progress=lambda number: None)
    return [tuple(each) for cell in fresh.cells for each in told_by(cell)]


def told_by(cell):
    """What a cell that tells findings has printed."""
    texts = [out.get("text", "") for out in cell.get("outputs", [])]
    lines = [line for text in texts for line in text.splitlines()]
    told = [line.removeprefix("FOUND ") for line in lines if line.startswith("FOUND ")]
    return [each for line in told for each in json.loads(line)]
