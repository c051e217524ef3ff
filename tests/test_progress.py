"""Solved exercises are remembered, whatever happens to the folder."""

import importlib
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.exercises import catalogue, check, progress, progress_table
from helpers.exercises.progress import folder, remember, solved
from helpers.exercises.progress_table import ProgressTable, Row
from tests.exercise_samples import NUMBER, SPEED

ROOT = Path(__file__).resolve().parents[1]
module = importlib.import_module("helpers.exercises.progress")


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A folder of its own for each test, as in a kernel that has just started."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress"))
    new_kernel(monkeypatch)
    return tmp_path / "progress"


def new_kernel(monkeypatch):
    monkeypatch.setattr(module, "_seen", set())
    monkeypatch.setattr(module, "_told", set())


def names(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def course(monkeypatch):
    """A course of one chapter, 09, with two exercises, whatever notebooks are there."""
    files = {9: [(1, SPEED), (2, NUMBER)]}
    monkeypatch.setattr(progress_table, "_heading", lambda chapter: f"{chapter:02d}")
    monkeypatch.setattr(progress_table, "chapters", lambda: [9])
    monkeypatch.setattr(catalogue, "chapters", lambda: [9])
    monkeypatch.setattr(catalogue, "_files", lambda chapter: files.get(chapter, []))
    monkeypatch.setattr(catalogue, "_load", lambda chapter, position, each: each)


def test_a_right_answer_is_remembered_and_a_wrong_one_not(record, course, capsys):
    check("9.1", lambda d, t: t / d)
    check("9.2", ...)
    assert not record.exists()
    check("9.1", SPEED.solution)
    assert names(record) == ["9.1"]
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "9.2 · your turn",
        "9.1 · correct, the same as arithmetic at 2 points",
    ]


def test_another_kernel_reads_what_one_has_written(record, monkeypatch):
    remember("9.1")
    new_kernel(monkeypatch)
    assert solved() == {"9.1"}
    remember("9.1")
    remember("9.2")
    assert names(record) == ["9.1", "9.2"]


def test_the_module_does_not_stand_in_for_the_function():
    """Both are called progress; a first import of the module would take the name."""
    import helpers.exercises.progress

    importlib.reload(module)
    assert helpers.exercises.progress is progress
    assert isinstance(progress(), ProgressTable)


def test_the_table_in_text(record, course):
    assert str(progress()) == "09  9.1 ·  9.2 ·  0 of 2\nsolved 0 of 2"
    remember("9.2")
    assert str(progress()) == "09  9.1 ·  9.2 ✓  1 of 2\nsolved 1 of 2"


def test_rows_are_aligned_and_named_as_the_chapters():
    rows = [
        Row("00 the five lines", (("0.1", "Count", True), ("0.2", "Order", False))),
        Row("01 scalars", (("1.1", "By hand", False),)),
    ]
    lines = str(ProgressTable(tuple(rows))).splitlines()
    assert lines == [
        "00 the five lines  0.1 ✓  0.2 ·  1 of 2",
        "01 scalars         1.1 ·         0 of 1",
        "solved 1 of 3",
    ]


class Tags(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.open, self.closed, self.labels, self.text = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.labels += [value for key, value in attributes if key == "aria-label"]

    def handle_endtag(self, tag):
        self.closed.append(tag)

    def handle_data(self, data):
        self.text.append(data)


def test_the_table_in_a_notebook():
    row = Row("01 scalars", (("1.1", 'Less < "more"', True), ("1.2", "Walk", False)))
    page = ProgressTable((row,))._repr_html_()
    tags = Tags(page)
    assert sorted(tags.open) == sorted(tags.closed)
    assert tags.labels == ['1.1 Less < "more": solved', "1.2 Walk: open"]
    assert {"1.1 ✓", "1.2 ·", "1 of 2", "solved 1 of 2"} <= set(tags.text)
    assert "#" not in page and "rgb" not in page  # it takes the colours of the theme


def test_no_folder_means_nothing_solved(record):
    assert solved() == set()
    assert not record.exists()


@pytest.fixture
def refused(monkeypatch):
    """Nothing can be made; root may write everywhere, so pretend."""

    def refuse(*arguments, **options):
        raise PermissionError("read-only")

    def start():
        monkeypatch.setattr(Path, "touch", refuse)
        monkeypatch.setattr(Path, "mkdir", refuse)

    return start


def test_a_folder_that_cannot_be_written(record, course, refused, capsys):
    remember("1.1")
    refused()
    check("9.1", SPEED.solution)
    check("9.2", NUMBER.solution)
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("(progress cannot be written") == 1
    assert solved() == {"1.1", "9.1", "9.2"}
    assert names(record) == ["1.1"]


def test_a_folder_that_cannot_be_read(record, monkeypatch):
    def refuse(self):
        raise PermissionError("not to be read")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert remember("9.1") is None
    assert solved() == {"9.1"}


def test_a_folder_that_is_not_there_is_made(record, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "a" / "b"))
    assert remember("9.1") is None
    assert names(tmp_path / "a" / "b") == ["9.1"]


def test_a_file_in_the_place_of_the_folder(record):
    record.write_text("mine")
    assert "cannot be written" in remember("9.1")
    assert solved() == {"9.1"}
    assert record.read_text() == "mine"


WRITER = """
import importlib.util, sys
path = "helpers/exercises/progress.py"
spec = importlib.util.spec_from_file_location("progress", path)
progress = importlib.util.module_from_spec(spec)
spec.loader.exec_module(progress)  # alone: it starts faster than the package
for number in range(40):
    progress.remember(f"{sys.argv[1]}.{number}")
"""


def test_notebooks_that_write_at_once_lose_nothing(record):
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen([*command, str(i)], cwd=ROOT) for i in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert solved() == {f"{i}.{n}" for i in range(3) for n in range(40)}
    assert names(record) == sorted(solved())


def test_without_the_variable_it_lies_in_the_project(monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    assert folder() == ROOT / ".progress"


@pytest.mark.parametrize(
    "number, sentence",
    [
        ("9.7", "There is no exercise 9.7. The nearest are 9.2 and 9.1."),
        ("10.1", "There is no exercise 10.1: the course has no chapter 10."),
        ("nine", "There is no exercise nine: the course has no chapter nine."),
        (9.1, 'The number of an exercise is text: write check("9.1", ...).'),
    ],
)
def test_an_unknown_number_gets_a_sentence(course, capsys, number, sentence):
    check(number, 3)
    assert capsys.readouterr().out == sentence + "\n"
