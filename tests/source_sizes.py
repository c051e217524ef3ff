"""Measures Python source: the lines of each function, what lacks a docstring.

With this module one can: list the functions of a file with their sizes
(`functions_in`), and the public functions and classes without a docstring
(`undocumented_in`).
"""

import ast
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Function:
    """A function, where it stands, and its lines without the docstring."""

    name: str
    place: str
    lines: int


def functions_in(path: Path) -> list[Function]:
    """All functions and methods of a file, inner ones too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Function(node.name, f"{path.name}:{node.lineno}", _lines(node))
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    ]


def _lines(function):
    """The lines from `def` to the end, those of the docstring left out."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    text = function.body[0]
    return lines - (text.end_lineno - text.lineno + 1)


def undocumented_in(path: Path) -> list[str]:
    """The module and each public function, class and method without a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [] if ast.get_docstring(tree) else [path.name]
    return missing + [
        f"{path.name}:{node.lineno} {name}"
        for name, node in _public(tree, "")
        if ast.get_docstring(node) is None
    ]


def _public(parent, prefix):
    """Public definitions, and those of public classes; not what is in a function."""
    for node in parent.body:
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) or node.name[0] == "_":
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}{node.name}.")
