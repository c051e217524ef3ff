"""A chapter that takes over another one's code takes it word for word."""

import ast
from pathlib import Path

import nbformat
import pytest

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
MARK = "# Chapter 02, as it ended"


def cells_of(name):
    """The texts of a chapter's code cells."""
    cells = nbformat.read(CHAPTERS / f"{name}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def statements(source):
    """Pairs (key, text) of the statements in a cell.

    Two with the same key say the same thing: the later one counts.
    """
    for statement in ast.parse(source).body:
        text = ast.get_source_segment(source, statement)
        name = getattr(statement, "name", None)
        if text.startswith("class Node(Node)"):
            name = "Node(Node)"  # grows out of the one before, which stays
        yield name or text.split(",")[0].split(" = ")[0], text


def taken_over():
    found = [cell for cell in cells_of("03_backward") if cell.startswith(MARK)]
    return [pair for cell in found for pair in statements(cell)]


@pytest.fixture(scope="module")
def chapter_02():
    """What chapter 02 has in the end under each key."""
    cells = cells_of("02_tensors")
    return dict(pair for cell in cells for pair in statements(cell))


@pytest.mark.parametrize("key, text", taken_over(), ids=lambda pair: pair[:20])
def test_chapter_03_starts_from_the_text_that_chapter_02_ends_with(
    chapter_02, key, text
):
    assert chapter_02[key] == text


def test_what_chapter_03_takes_over_is_the_whole_class():
    keys = {key for key, _ in taken_over()}
    assert {"Tensor", "Node", "Node(Node)", "run", "rule", "edge_of", "RULES"} <= keys


def test_the_attributes_keep_their_names_while_they_grow():
    """Every Node of the two chapters has `edges`, `saved` and `backward`."""
    nodes = [
        text
        for name in ("02_tensors", "03_backward")
        for cell in cells_of(name)
        for key, text in statements(cell)
        if key in ("MulNode", "Node", "Node(Node)")
    ]
    assert len(nodes) == 7
    for text in nodes:
        grows = text.startswith("class Node(Node)")
        assert grows or all(f"self.{each}" in text for each in ("edges", "saved"))
        assert grows or "def backward(self, gradient):" in text
