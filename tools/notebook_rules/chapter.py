"""A notebook as the rules see it, and the list of rules.

With this module one can: read a notebook with its file (`Chapter`), register a rule
(`rule`), and name what breaks one (`Violation`). A rule is a function of a Chapter
that yields pairs: the number of a cell, from 1, or None for the whole notebook; and
a sentence that says what is wrong and what to do.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.course import FOLDED

Findings = Iterator[tuple[int | None, str]]


@dataclass(frozen=True)
class Violation:
    """One place where a chapter breaks one rule.

    >>> print(Violation("01_scalars.ipynb", 3, "one title", "Make it ##."))
    01_scalars.ipynb, cell 3: [one title] Make it ##.
    """

    file: str
    cell: int | None
    rule: str
    message: str

    def __str__(self):
        place = f", cell {self.cell}" if self.cell else ""
        return f"{self.file}{place}: [{self.rule}] {self.message}"


@dataclass(frozen=True)
class Chapter:
    """A notebook's path and the text of its file; cells are numbered from 1.

    >>> Chapter(Path("01_scalars.ipynb"), "{}").number
    1
    """

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "Chapter":
        """The chapter in the file `path`."""
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def number(self) -> int:
        """The chapter's number, from its file name; -1 if that has none."""
        digits = self.path.name[:2]
        return int(digits) if digits.isdecimal() else -1

    @cached_property
    def notebook(self) -> NotebookNode:
        """The parsed notebook."""
        return nbformat.reads(self.text, as_version=4)

    @cached_property
    def cells(self) -> list[tuple[int, NotebookNode]]:
        """All cells, each with its number."""
        return list(enumerate(self.notebook.cells, start=1))

    @cached_property
    def code(self) -> list[tuple[int, NotebookNode]]:
        """The code cells, each with its number."""
        return [pair for pair in self.cells if pair[1].cell_type == "code"]

    @cached_property
    def open_code(self) -> list[tuple[int, NotebookNode]]:
        """The code cells that are not folded, each with its number."""
        return [pair for pair in self.code if not is_folded(pair[1])]

    @cached_property
    def markdown(self) -> list[tuple[int, NotebookNode]]:
        """The markdown cells, each with its number."""
        return [pair for pair in self.cells if pair[1].cell_type == "markdown"]

    def cell(self, number: int) -> NotebookNode | None:
        """The cell with this number, or None after the last."""
        inside = 1 <= number <= len(self.cells)
        return self.notebook.cells[number - 1] if inside else None

    @cached_property
    def trees(self) -> list[tuple[int, ast.Module]]:
        """The syntax trees of all code cells that are plain Python."""
        parsed = ((number, parse(cell.source)) for number, cell in self.code)
        return [(number, tree) for number, tree in parsed if tree is not None]


Rule = Callable[[Chapter], Findings]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a rule; its name is the function's, with spaces."""
    RULES[function.__name__.replace("_", " ")] = function
    return function


def parse(source: str) -> ast.Module | None:
    """The syntax tree of `source`, or None if it is not plain Python.

    >>> parse("%time x") is None
    True
    """
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def is_folded(cell: NotebookNode) -> bool:
    """True if the cell's code is hidden until the reader asks for it.

    >>> is_folded(nbformat.v4.new_code_cell(metadata={"tags": ["hide-input"]}))
    True
    """
    return FOLDED in cell.metadata.get("tags", [])


def code_lines(source: str) -> int:
    r"""How many lines of `source` are not blank.

    >>> code_lines("x = 1\n\ny = 2")
    2
    """
    return sum(bool(line.strip()) for line in source.splitlines())


def outputs(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    """Pairs of kind ("stdout", "image/png", ...) and text for all a cell's outputs."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.name, output.text
        elif output.output_type == "error":
            yield "error", f"{output.ename}: {output.evalue}"
        else:
            yield from ((kind, str(value)) for kind, value in output.data.items())


def outside(count: float, ends: tuple[int, int]) -> bool:
    """True if `count` is below or above both ends.

    >>> outside(4, (4, 6)), outside(7, (4, 6))
    (False, True)
    """
    return not ends[0] <= count <= ends[1]
