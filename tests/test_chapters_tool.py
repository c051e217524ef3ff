"""`make chapters`: a clean kernel, one form, nothing written when nothing changed."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from tools import chapters, course
from tools.course import ROOT
from tools.normalise import WIDGET_VIEW, as_text, keep_measured, normalise

LIVE_FIGURE = """
class Figure:
    def _repr_mimebundle_(self, include=None, exclude=None):
        view = {"model_id": str(id(self)), "version_major": 2}
        return {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": "iVBORw0KGgo=",
            "text/plain": "LiveFigure(lr=0.1)",
        }

Figure()
"""
ENVIRONMENT = """
import os, sys
from pathlib import Path
import helpers
print(os.environ["PYTHONHASHSEED"], Path.cwd().name, sys.executable == {executable!r})
progress = Path(os.environ["COURSE_PROGRESS"])
print(progress.exists(), progress.parent.is_dir(), Path.home() in progress.parents)
"""


def write(folder, *sources, name="01_scalars.ipynb"):
    """A notebook of code cells in `folder`, never run."""
    path = folder / name
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def streams(path):
    """All that the stored notebook printed."""
    cells = nbformat.read(path, as_version=4).cells
    found = (out.get("text", "") for cell in cells for out in cell.outputs)
    return "".join(found)


def test_second_run_changes_no_byte(tmp_path):
    path = write(tmp_path, "x = {'a', 'b'}", "print(x)", LIVE_FIGURE, "print(x)")
    assert chapters.refresh(path, lambda cell: None)
    first = path.read_bytes()
    assert not chapters.refresh(path, lambda cell: None)
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_figure_keeps_picture_and_text_but_no_view(tmp_path):
    path = write(tmp_path, LIVE_FIGURE)
    chapters.refresh(path, lambda cell: None)
    (output,) = nbformat.read(path, as_version=4).cells[0].outputs
    assert output.data == {
        "image/png": "iVBORw0KGgo=",
        "text/plain": "LiveFigure(lr=0.1)",
    }


def test_kernel_is_this_interpreter_in_the_chapters_own_world(tmp_path):
    path = write(tmp_path, ENVIRONMENT.format(executable=sys.executable))
    chapters.refresh(path, lambda cell: None)
    expected = f"0 {tmp_path.name} True\nFalse True False\n"
    assert streams(path) == expected


def test_error_stops_at_its_cell_and_leaves_the_file(tmp_path, capsys, monkeypatch):
    path = write(tmp_path, "x = 0", "1 / x", "print('never')")
    before = path.read_bytes()
    monkeypatch.setattr(chapters.course, "find", lambda number: path)
    assert chapters.main(["1"]) == 1
    shown = capsys.readouterr().out
    for part in ("cell 2 of 3", "1 / x", "----> 1", "ZeroDivisionError: division"):
        assert part in shown
    assert "never" not in shown and "\x1b" not in shown
    assert path.read_bytes() == before


def test_dead_kernel_is_reported(tmp_path):
    path = write(tmp_path, "import os\nos._exit(1)")
    with pytest.raises(chapters.CellStopped, match="kernel died"):
        chapters.refresh(path, lambda cell: None)


def test_hanging_cell_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(chapters, "SECONDS_PER_CELL", 1)
    path = write(tmp_path, "while True:\n    pass")
    with pytest.raises(chapters.CellStopped, match="still running after 1 seconds"):
        chapters.refresh(path, lambda cell: None)


def test_chapters_are_found_by_number(tmp_path):
    for name in ("07_b.ipynb", "00_a.ipynb", "notes.ipynb"):
        (tmp_path / name).touch()
    assert list(course.chapters(tmp_path)) == ["00", "07"]
    for number in ("7", "07", "07_b"):
        assert course.find(number, tmp_path).name == "07_b.ipynb"
    with pytest.raises(ValueError, match=r"chapter = 03: .*\n  00  a\n  07  b"):
        course.find("03", tmp_path)


def test_each_chapter_is_taken_once_and_in_order(monkeypatch):
    taken = []
    monkeypatch.setattr(chapters, "check", lambda path: taken.append(path.name) or [])
    assert chapters.main(["--check", "2", "01", "02"]) == 0
    assert taken == ["01_scalars.ipynb", "02_tensors.ipynb"]
    assert chapters.main(["--check"]) == 0
    assert taken[2:] == [path.name for path in course.chapters().values()]


def test_command_line_takes_the_chapter_from_the_environment(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "tools.chapters"],
        cwd=ROOT,
        env={**os.environ, "CH": "99"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1 and "chapter = 99" in answer.stdout


def test_measured_cell_keeps_its_output_until_something_else_changes(tmp_path):
    line = "import time\nprint('a pass: measured', time.perf_counter_ns(), 'ns')"
    path = write(tmp_path, "x = 1", line)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"] = ["measured"]
    nbformat.write(notebook, path)
    chapters.refresh(path, lambda cell: None)
    first = streams(path)
    assert not chapters.refresh(path, lambda cell: None)
    path.write_text(path.read_text().replace("x = 1", "x = 2"))
    assert chapters.refresh(path, lambda cell: None)
    assert streams(path) != first


def measured_notebook(text, source="go()", picture="AAAA"):
    """One measured cell that printed `text` and drew `picture`."""
    outputs = [
        new_output("stream", text=text),
        new_output("display_data", data={"image/png": picture, "text/plain": "Fig"}),
    ]
    cell = new_code_cell(source, outputs=outputs, metadata={"tags": ["measured"]})
    return normalise(new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        (measured_notebook("pass: measured 3 ms", picture="BBBB"), True),
        (measured_notebook("fail: measured 3 ms", picture="BBBB"), False),
        (measured_notebook("pass: measured 3 ms", source="stop()"), False),
        (new_notebook(), False),
    ],
)
def test_measurement_is_kept_only_beside_the_same_facts(stored, kept):
    fresh = measured_notebook("pass: measured 41.5 µs")
    result = keep_measured(fresh, stored)
    assert (result != fresh) == kept


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
stream_outputs = st.builds(
    lambda name, text: new_output("stream", name=name, text=text),
    st.sampled_from(["stdout", "stderr"]),
    texts,
)
results = st.builds(
    lambda text: new_output(
        "execute_result",
        data={"text/plain": text, WIDGET_VIEW: {"model_id": text}},
        metadata={"isolated": True},
        execution_count=9,
    ),
    texts,
)
code_cells = st.builds(
    lambda source, outputs: new_code_cell(
        source, outputs=outputs, metadata={"scrolled": True}
    ),
    texts,
    st.lists(stream_outputs | results, max_size=4),
)
notebooks = st.builds(
    lambda cells: new_notebook(cells=cells, metadata={"widgets": {}}),
    st.lists(code_cells | st.builds(new_markdown_cell, texts), max_size=6),
)


@given(notebooks)
def test_normal_form_is_reached_at_once_and_is_valid(notebook):
    normal = normalise(notebook)
    nbformat.validate(normal)
    text = as_text(normal)
    assert normalise(normal) == normal
    assert as_text(nbformat.reads(text, as_version=4)) == text
    assert text.endswith("}\n") and not text.endswith("\n\n")


@pytest.mark.parametrize(
    "metadata", [{"tags": ["hide-input"]}, {"jupyter": {"source_hidden": True}}]
)
def test_a_folded_cell_bears_the_marks_of_jupyterlab_and_of_the_web(metadata):
    cell = new_code_cell("x = 1", metadata=metadata)
    (normal,) = normalise(new_notebook(cells=[cell])).cells
    assert normal.metadata == {
        "tags": ["hide-input"],
        "jupyter": {"source_hidden": True},
    }


@given(notebooks)
def test_normal_form_drops_what_depends_on_editor_and_run(notebook):
    text = as_text(normalise(notebook))
    facts = json.loads(text)
    assert "widget-view" not in text and "widgets" not in facts["metadata"]
    assert all(not cell["metadata"] for cell in facts["cells"])
    counts = [c["execution_count"] for c in facts["cells"] if c["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert "version" not in facts["metadata"]["language_info"]


def test_cell_ids_come_from_the_source():
    cells = [new_code_cell("a"), new_markdown_cell("a"), new_code_cell("a")]
    first, markdown, again = (
        cell.id for cell in normalise(new_notebook(cells=cells)).cells
    )
    assert again == f"{first}-2" and markdown != first
    assert normalise(new_notebook(cells=cells[2:])).cells[0].id == first


def test_neighbouring_streams_are_joined_and_others_stay_apart():
    parts = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    outputs = [new_output("stream", name=name, text=text) for name, text in parts]
    cell = new_code_cell("print()", outputs=outputs)
    joined = normalise(new_notebook(cells=[cell])).cells[0].outputs
    assert [out.text for out in joined] == ["ab", "c", "d"]
