"""nbval with our settings: what is wrong in a notebook fails, what is right passes.

One notebook holds all cases, each a cell whose stored output or source was changed
after it ran. One pytest runs it with the options of pyproject.toml.
"""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import torch
from nbformat.v4 import new_code_cell, new_notebook

from tools import chapters
from tools.course import ROOT
from tools.normalise import as_text, normalise

PRINTED = "print(f'{1 / 3:.4f}')"
RESULT = "2 + 2"
FIGURE = """
import os, base64

class Figure:
    def _repr_mimebundle_(self, include=None, exclude=None):
        picture = base64.b64encode(os.urandom(30)).decode()
        return {"image/png": picture, "text/plain": "LiveFigure(lr=0.1)"}

Figure()
"""
RICH = """
from IPython.display import HTML, Markdown, display
display(Markdown("**two**"), HTML("<b>three</b>"))
"""
MEASURED = """
import time
print("a pass: measured", time.perf_counter_ns(), "ns; all equal: True")
"""
RAISED = """
try:
    1 / 0
except ZeroDivisionError as error:
    print("ZeroDivisionError says:", error)
print("caught: True")
"""
WIDE = "len(bytearray(b'x') * 700_000_000) and 4"


def stored_as(old, new):
    """Spoil what a cell is stored to have printed or shown."""

    def spoil(cell):
        assert old in str(cell.outputs)
        for output in cell.outputs:
            texts = output.get("data", output)
            for kind, value in texts.items():
                texts[kind] = str(value).replace(old, new)

    return spoil


def coded_as(source):
    """Spoil the code of a cell, and leave its stored output."""
    return lambda cell: cell.update(source=source)


def without_output(cell):
    """Forget what a cell printed or showed."""
    cell.outputs = []


def with_another_picture(cell):
    """Store other bytes for a picture."""
    cell.outputs[0].data["image/png"] = "AAAA"


DIFFERENT, UNEXPECTED = "Cell outputs differ", "Unexpected output fields"
MISSING = "Missing output fields"
REFUSED = {  # name: a cell that ran, what is then spoilt, what its failure must say
    "digit": (PRINTED, stored_as("0.3333", "0.3334"), DIFFERENT),
    "result": (RESULT, stored_as("4", "5"), DIFFERENT),
    "figure": (FIGURE, stored_as("lr=0.1", "lr=0.2"), DIFFERENT),
    "markdown": (RICH, stored_as("**two**", "**too**"), DIFFERENT),
    "html": (RICH, stored_as("<b>three", "<b>tree"), DIFFERENT),
    "fact": (MEASURED, stored_as("equal: True", "equal: False"), DIFFERENT),
    "kind of error": (RAISED, stored_as("ZeroDivision", "Value"), DIFFERENT),
    "after an error": (RAISED, stored_as("caught: True", "caught: Yes"), DIFFERENT),
    "no print": (PRINTED, without_output, UNEXPECTED),
    "no result": (RESULT, without_output, UNEXPECTED),
    "no picture": (FIGURE, without_output, UNEXPECTED),
    "silent": (PRINTED, coded_as("x = 1"), MISSING),
    "raises": (RESULT, coded_as("2 + 1 / 0"), "ZeroDivisionError"),
}
ACCEPTED = {
    "print": (PRINTED, lambda cell: None),
    "value": (RESULT, lambda cell: None),
    "picture": (FIGURE, lambda cell: None),
    "rich": (RICH, lambda cell: None),
    "other time": (MEASURED, stored_as("measured ", "measured 1")),
    "other words": (RAISED, stored_as("division by zero", "no quotient")),
    "other picture": (FIGURE, with_another_picture),
    "much memory": (RESULT, coded_as(WIDE)),
}
CASES = [*ACCEPTED, *REFUSED]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The notebook run by a pytest: (what it printed, messages of failures by test)."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [new_code_cell(source) for source, *_ in (ACCEPTED | REFUSED).values()]
    ran = chapters.execute(new_notebook(cells=cells), folder, lambda cell: None)
    notebook = normalise(ran)
    for cell, name in zip(notebook.cells, CASES, strict=True):
        (ACCEPTED | REFUSED)[name][1](cell)
    (folder / "cases.ipynb").write_text(as_text(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n1", "--color=no", "-c"]
    command += ["pyproject.toml", f"--rootdir={folder}", str(folder)]
    command += ["-o", "testpaths=", f"--junitxml={folder}/report.xml"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return answer.stdout, failures(folder / "report.xml")


def failures(report):
    """From pytest's XML: for each test, the messages of its failures."""
    return {
        case.get("name"): [failure.text for failure in case.iter("failure")]
        for case in ElementTree.parse(report).iter("testcase")
    }


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_fails_where_it_is_wrong(run, name):
    (message,) = run[1][f"Cell {CASES.index(name)}"]
    assert REFUSED[name][2] in message


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_right_passes(run, name):
    assert run[1][f"Cell {CASES.index(name)}"] == []


def test_what_takes_much_memory_fails_in_the_last_test(run):
    """The cell takes 700 MB, in part of what the imports have given back."""
    (message,) = run[1]["memory"]
    found = re.match(r"memory beyond the imports = (\d+) MB; at most 600 MB", message)
    assert 600 < int(found[1]) < 800


def test_cost_of_each_notebook_is_printed(run):
    lines = [line.split() for line in run[0].splitlines()]
    (row,) = [line for line in lines if line[-1:] == ["cases.ipynb"]]
    seconds, _, added, _, in_all, _, _ = row
    assert row[1::2] == ["s", "MB", "MB"] and 0 < float(seconds) < 120
    assert 600 < int(added) < 800 and int(added) < int(in_all)
    if torch.version.cuda is None:  # the CUDA build alone maps more
        assert int(in_all) < 1200


def test_the_run_is_told_in_few_lines(run):
    count = len(CASES) + 1  # the last is the memory's
    first = run[0].partition("= FAILURES =")[0].split(f"[{count} items]")[1]
    first = first.splitlines()
    assert sum(f"of {count} tests, about" in line for line in first) == 10
    assert sum(line.startswith("failed: ") for line in first) == len(REFUSED) + 1
    assert len([line for line in first if line]) < 10 + len(REFUSED) + 5


def test_pytests_own_summary_is_the_last_line(run):
    last = run[0].splitlines()
    assert f"{len(REFUSED) + 1} failed" in last[-1]
    assert sum(line.startswith("FAILED ") for line in last) == len(REFUSED) + 1
