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
MEANT = {
    "00": [
        # The mixing desk of a loop is drawn once with each of its faults.
        ("step-before-backward", "optimizer.step()"),
        ("loss-leaf", "run.loss.backward()"),
        ("graph-leak", "run.loss.backward()"),
        ("scheduler-unit", "run.scheduler.step()"),
    ],
    "02": [("nan-math", "torch.log(1 + torch.exp(x))")],
    "04": [("zero-grad-missing", "loss.backward()")],
    "05": [("optimizer-wrong-params", "wrong[2] = nn.Linear(32, 2)")],
    "08": [("params-not-registered", "criterion(model(inputs), targets)")],
    "09": [
        ("scheduler-before-step", "scheduler.step()"),
        ("scheduler-unit", "scheduler.step()"),
    ],
    "10": [("optimizer-state-lost", "careless.model.load_state_dict(weights)")],
    # The museum's loops, as far as they come. Most come after the first steps of the
    # kernel, in which values are seen: a sum of gradients, for one, then shows in the
    # losses alone, as a rate would.
    "16": [
        ("step-before-backward", "optimizer.step()"),
        ("loss-leaf", "loss.backward()"),
        ("alias-not-copy", "model.state_dict()"),
        ("eval-mode-training", "model.eval()"),
        ("graph-leak", "total = total + loss"),
        ("optimizer-state-lost", "optimizer = torch.optim.Adam("),
        ("train-mode-eval", "criterion(model(inputs), labels).item()"),
        ("scheduler-before-step", "scheduler.step()"),
        ("scheduler-unit", "scheduler.step()"),
        ("scheduler-bad-metric", "scheduler.step(accuracy)"),
        ("closure-wrong", "def closure():"),
        ("lr-too-high", "lr=0.1, momentum=0.9"),
    ],
}


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
