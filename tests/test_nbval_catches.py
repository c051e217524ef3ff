"""nbval with our settings: what is wrong in a notebook fails, what is right passes.

All notebooks are written to one folder, each with one thing spoilt, and one pytest
runs them with the options of pyproject.toml; then each test looks at its notebook.
"""

import copy
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import chapters
from tools.normalise import as_text, normalise

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
SOURCES = ["print(f'{1 / 3:.4f}')", "2 + 2", FIGURE, RICH, MEASURED]
PRINTED, RESULT, PICTURE, DISPLAYED, TIMED = range(5)
WIDE = "len(bytearray(b'x') * 1_100_000_000) and 4"


def stored_as(place, old, new):
    """Spoil what a cell is stored to have printed or shown."""

    def spoil(cells):
        assert old in str(cells[place].outputs)
        for output in cells[place].outputs:
            texts = output.get("data", output)
            for kind, value in texts.items():
                texts[kind] = str(value).replace(old, new)

    return spoil


def coded_as(place, source):
    """Spoil the code of a cell, and leave its stored output."""
    return lambda cells: cells[place].update(source=source)


def without_output(place):
    """Forget what a cell printed or showed."""
    return lambda cells: cells[place].update(outputs=[])


DIFFERENT, UNEXPECTED = "Cell outputs differ", "Unexpected output fields"
REFUSED = {  # name: what is spoilt, the test that must fail, what it must say
    "digit": (stored_as(PRINTED, "0.3333", "0.3334"), "Cell 0", DIFFERENT),
    "result": (stored_as(RESULT, "4", "5"), "Cell 1", DIFFERENT),
    "figure": (stored_as(PICTURE, "lr=0.1", "lr=0.2"), "Cell 2", DIFFERENT),
    "markdown": (stored_as(DISPLAYED, "**two**", "**too**"), "Cell 3", DIFFERENT),
    "html": (stored_as(DISPLAYED, "<b>three", "<b>tree"), "Cell 3", DIFFERENT),
    "fact": (stored_as(TIMED, "equal: True", "equal: False"), "Cell 4", DIFFERENT),
    "no-print": (without_output(PRINTED), "Cell 0", UNEXPECTED),
    "no-result": (without_output(RESULT), "Cell 1", UNEXPECTED),
    "no-picture": (without_output(PICTURE), "Cell 2", UNEXPECTED),
    "silent": (coded_as(PRINTED, "x = 1"), "Cell 0", "Missing output fields"),
    "raises": (coded_as(RESULT, "2 + 1 / 0"), "Cell 1", "ZeroDivisionError"),
    "memory": (coded_as(RESULT, WIDE), "peak memory", "at most 1,000 MB"),
}
ACCEPTED = {
    "untouched": lambda cells: None,
    "other-time": stored_as(TIMED, "measured ", "measured 1"),
    "other-picture": lambda cells: (
        cells[PICTURE].outputs[0].data.update({"image/png": "AAAA"})
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """All notebooks run in one pytest: (what it printed, failures by notebook)."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = [new_code_cell(source) for source in SOURCES]
    good = chapters.execute(new_notebook(cells=cells), folder, lambda cell: None)
    spoils = ACCEPTED | {name: spoil for name, (spoil, *_) in REFUSED.items()}
    for name, spoil in spoils.items():
        notebook = normalise(copy.deepcopy(good))
        spoil(notebook.cells)
        (folder / f"{name}.ipynb").write_text(as_text(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "--color=no", "-c"]
    command += ["pyproject.toml", f"--rootdir={folder}", str(folder)]
    command += ["-o", "testpaths=", f"--junitxml={folder}/report.xml"]
    answer = subprocess.run(command, cwd=chapters.ROOT, capture_output=True, text=True)
    return answer.stdout, failures(folder / "report.xml")


def failures(report):
    """From pytest's XML: notebook -> list of (test, message)."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        notebook = case.get("classname").rpartition(".ipynb")[0].rpartition(".")[2]
        found.setdefault(notebook or case.get("classname"), []).extend(
            (case.get("name"), failure.text) for failure in case.iter("failure")
        )
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_fails_where_it_is_wrong(run, name):
    _, test, saying = REFUSED[name]
    (failure,) = run[1][name]
    assert failure[0] == test and saying in failure[1]


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_right_passes(run, name):
    assert run[1][name] == []


def test_cost_of_each_notebook_is_told(run):
    lines = [line.split() for line in run[0].splitlines()]
    table = {line[-1]: line for line in lines if line and line[-1].endswith(".ipynb")}
    for name in ACCEPTED:
        seconds, unit, megabytes, size, _ = table[f"{name}.ipynb"]
        assert 0 < float(seconds) < 120 and unit == "s"
        assert 20 < int(megabytes) < 1000 and size == "MB"


def test_pytests_own_summary_is_the_last_line(run):
    assert f"{len(REFUSED)} failed" in run[0].splitlines()[-1]
