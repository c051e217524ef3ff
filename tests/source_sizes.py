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


def undocumented_in(paths: list[Path]) -> list[str]:
    """Each module and each public function, class and method without a docstring.

    A property's setter and a method that a documented one of a base class explains
    need none of their own.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    explained = _explained_methods(trees.values())
    missing = []
    for path, tree in trees.items():
        missing += [] if ast.get_docstring(tree) else [path.name]
        missing += [
            f"{path.name}:{node.lineno} {name}"
            for name, node in _public(tree, "", explained)
            if ast.get_docstring(node) is None
        ]
    return missing


def _explained_methods(trees):
    """For each class, by name: its methods that have a docstring."""
    return {
        each.name: {
            node.name
            for node in each.body
            if isinstance(node, FUNCTIONS) and ast.get_docstring(node)
        }
        for tree in trees
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
    }


def _public(parent, prefix, explained):
    """Public definitions, and those of public classes; not what is in a function."""
    bases = [ast.unparse(base) for base in getattr(parent, "bases", [])]
    inherited = {name for base in bases for name in explained.get(base, ())}
    for node in parent.body:
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) or node.name[0] == "_":
            continue
        if node.name not in inherited and not _is_setter(node):
            yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from _public(node, f"{prefix}{node.name}.", explained)


def _is_setter(node):
    decorators = (ast.unparse(each) for each in node.decorator_list)
    return any(each.endswith(".setter") for each in decorators)
