"""Solved exercises are remembered, whatever happens to the file."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.exercises import check, progress, record
from helpers.exercises import table as table_module
from helpers.exercises.table import ProgressTable, Row
from tests.exercise_samples import NUMBER, SPEED

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A record of its own for each test, as in a kernel that has just started."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(record, "_here", set())
    monkeypatch.setattr(record, "_told", set())
    return tmp_path / "progress.json"


@pytest.fixture
def course(monkeypatch):
    """A course of one chapter, 09, with two exercises."""
    monkeypatch.setattr(table_module, "chapters", lambda: [9])
    monkeypatch.setattr(table_module, "exercises_of", lambda chapter: (SPEED, NUMBER))
    monkeypatch.setattr("helpers.exercises.catalogue.chapters", lambda: [9])
    monkeypatch.setattr(
        "helpers.exercises.catalogue.exercises_of", lambda chapter: (SPEED, NUMBER)
    )


def test_a_right_answer_is_remembered_and_a_wrong_one_not(file, course, capsys):
    check("9.1", lambda d, t: t / d)
    check("9.2", ...)
    assert not file.exists()
    check("9.1", SPEED.solution)
    assert json.loads(file.read_text()) == {"solved": ["9.1"]}
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "9.2 · your turn",
        "9.1 · correct, the same as arithmetic at 2 points",
    ]


def test_the_table_in_text(file, course):
    assert str(progress()) == "09  9.1 ·  9.2 ·  0 of 2\nsolved 0 of 2"
    record.remember("9.2")
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


def test_no_file_means_nothing_solved(file):
    assert record.solved() == set()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"solved": 3}', b"null", b"\xff\xfe\x00", b"[" * 99999],
)
def test_a_broken_file_is_kept_aside_and_said_once(file, content):
    file.write_bytes(content)
    assert record.solved() == set()
    note = record.remember("9.1")
    assert note == (
        "(progress.json was not readable; it is kept as progress.json.broken.)"
    )
    assert file.with_name("progress.json.broken").read_bytes() == content
    assert record.solved() == {"9.1"}
    file.write_bytes(content)
    assert record.remember("9.2") is None
    assert record.solved() == {"9.1", "9.2"}


def test_what_is_not_text_in_the_file_is_left_out(file):
    file.write_text('{"solved": ["1.1", 2, null, ["1.2"]]}')
    assert record.solved() == {"1.1"}


def unwritable(file, monkeypatch):
    """No file can be made or replaced; root may write everywhere, so pretend."""

    def refuse(*arguments, **options):
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "touch", refuse)
    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(os, "replace", refuse)


def test_a_file_that_cannot_be_written(file, course, monkeypatch, capsys):
    file.write_text('{"solved": ["1.1"]}')
    unwritable(file, monkeypatch)
    check("9.1", SPEED.solution)
    check("9.2", NUMBER.solution)
    printed = capsys.readouterr().out
    assert printed.count("cannot be written") == 1
    assert record.solved() == {"1.1", "9.1", "9.2"}
    assert file.read_text() == '{"solved": ["1.1"]}'


def test_a_folder_that_is_not_there(file, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "gone" / "progress.json"))
    assert "cannot be written" in record.remember("9.1")
    assert record.solved() == {"9.1"}


def test_a_folder_in_the_place_of_the_file(file):
    file.mkdir()
    record.remember("9.1")
    assert record.solved() == {"9.1"}


def test_a_lock_that_was_left_behind_is_taken_over(file, monkeypatch):
    monkeypatch.setattr(record, "LOCK_SECONDS", 0.05)
    lock = file.with_name("progress.json.lock")
    lock.touch()
    assert record.remember("9.1") is None
    assert json.loads(file.read_text()) == {"solved": ["9.1"]}
    assert not lock.exists()


WRITER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("record", "helpers/exercises/record.py")
record = importlib.util.module_from_spec(spec)
spec.loader.exec_module(record)  # alone: it starts faster than the package
for number in range(40):
    record.remember(f"{sys.argv[1]}.{number}")
"""


def test_notebooks_that_write_at_once_lose_nothing(file):
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen([*command, str(i)], cwd=ROOT) for i in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert record.solved() == {f"{i}.{n}" for i in range(3) for n in range(40)}
    assert [each.name for each in file.parent.iterdir()] == ["progress.json"]


def test_without_the_variable_it_lies_in_the_project(monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    assert record.path() == ROOT / ".progress.json"


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
