"""Every committed chapter obeys the rules; every broken one is refused."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bad_chapters import REFUSED_BY_RUFF, SPOILT
from good_chapter import chapter_of, good_cells, printed
from nbformat.v4 import new_code_cell, new_notebook

from tools.course import ROOT, chapters
from tools.normalise import WIDGET_VIEW
from tools.notebook_rules import RULES, Chapter, check, check_chapter

RAW = {"all cells run", "no living outputs", "normal form", "known name"}


@pytest.mark.parametrize("path", chapters().values(), ids=lambda path: path.name)
def test_committed_chapter_obeys_every_rule(path):
    violations = check(path)
    assert not violations, "\n" + "\n".join(map(str, violations))


def test_good_chapter_is_accepted():
    assert check_chapter(chapter_of(good_cells())) == []


@pytest.mark.parametrize(
    ("rule", "saying", "spoil"),
    SPOILT,
    ids=[f"{rule}: {spoil.__name__}" for rule, _, spoil in SPOILT],
)
def test_bad_chapter_is_refused_by_its_own_rule(rule, saying, spoil):
    cells = good_cells()
    spoil(cells)
    violations = check_chapter(chapter_of(cells))
    assert {violation.rule for violation in violations} == {rule}
    assert any(saying in violation.message for violation in violations)


def test_every_rule_has_a_bad_chapter():
    assert RAW | {rule for rule, _, _ in SPOILT} == set(RULES)


@pytest.fixture(scope="module")
def of_ruff(tmp_path_factory):
    """What ruff, with the settings of chapters/, says of all lines it must refuse."""
    folder = tmp_path_factory.mktemp("chapters")
    for count, (_, _, line) in enumerate(REFUSED_BY_RUFF):
        notebook = new_notebook(cells=[new_code_cell(line)])
        nbformat.write(notebook, folder / f"{count:02d}_bad.ipynb")
    command = [sys.executable, "-m", "ruff", "check", "--config=chapters/.ruff.toml"]
    command += ["--output-format=concise", "--no-cache", "--ignore=F401", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


@pytest.mark.parametrize("count", range(len(REFUSED_BY_RUFF)))
def test_bad_line_is_refused_by_ruff(of_ruff, count):
    rule, message, _ = REFUSED_BY_RUFF[count]
    found = [line for line in of_ruff.splitlines() if f"{count:02d}_bad.ipynb" in line]
    assert len(found) == 1
    assert f" {rule} " in found[0] and message in found[0]


def refusals(change):
    """The rules that refuse the good chapter after `change(notebook)`, unnormalised."""
    notebook = chapter_of(good_cells()).notebook
    change(notebook)
    text = nbformat.writes(notebook) + "\n"
    return {violation.rule for violation in check_chapter(Chapter(NAME, text))}


NAME = Path("03_backward.ipynb")


def test_cell_without_count_is_refused():
    def forget(notebook):
        notebook.cells[8].execution_count = None

    assert "all cells run" in refusals(forget)


def test_widget_view_is_refused():
    def view(notebook):
        notebook.cells[3].outputs[0].data[WIDGET_VIEW] = {"model_id": "a"}

    assert "no living outputs" in refusals(view)


def test_widget_state_is_refused():
    def state(notebook):
        notebook.metadata["widgets"] = {}

    assert {"no living outputs", "normal form"} <= refusals(state)


@pytest.mark.parametrize("key", ["id", "metadata", "source"])
def test_what_make_chapters_would_write_otherwise_is_refused(key):
    def spoil(notebook):
        cell = notebook.cells[8]
        values = {"id": "mine", "metadata": {"scrolled": True}}
        cell[key] = values.get(key, cell.source + "\n")

    assert "normal form" in refusals(spoil)


def test_other_spacing_of_the_file_is_refused():
    text = chapter_of(good_cells()).text.replace("\n  ", "\n   ")
    assert [v.rule for v in check_chapter(Chapter(NAME, text))] == ["normal form"]


def test_unknown_file_name_is_refused():
    chapter = chapter_of(good_cells(), name="03_forward.ipynb")
    assert [v.rule for v in check_chapter(chapter)] == ["known name"]


def test_message_names_file_cell_and_rule():
    cells = good_cells()
    cells[9].outputs = [printed("loss 0.12345")]
    (violation,) = check_chapter(chapter_of(cells))
    assert str(violation).startswith("03_backward.ipynb, cell 10: [few digits] 0.12345")


def test_measured_time_is_allowed_in_a_tagged_cell():
    cells = good_cells()
    cells[9].metadata["tags"] = ["measured"]
    cells[9].outputs = [printed("a pass: measured 3.4 ms, which is slow")]
    assert check_chapter(chapter_of(cells)) == []


def test_link_to_a_chapter_that_exists_is_allowed(tmp_path):
    (tmp_path / "02_tensors.ipynb").touch()
    cells = good_cells()
    cells[7].source += "\n\nSee [02 tensors](02_tensors.ipynb#Part)."
    assert check_chapter(chapter_of(cells, folder=tmp_path)) == []


@pytest.mark.parametrize(
    "text",
    ["loss 0.1234", "1.0000 100.0 1e-08", "1024 samples", "1,234,567 steps", "-0.5"],
)
def test_few_digits_are_allowed(text):
    cells = good_cells()
    cells[9].outputs = [printed(text)]
    assert check_chapter(chapter_of(cells)) == []
