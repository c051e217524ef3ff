"""Reads the exercises of a notebook: heading, cell to fill, worked solution.

With this module one can: list them (`exercises_in`), and run what stands above them
and can be run alone, for the names that an answer uses (`names_above`).
"""

import ast
import contextlib
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^### Exercise (\d+\.\d+) · (.+?) \((\d+) minutes?\)$", re.M)
SOLUTION = re.compile(
    r"<summary>Worked solution</summary>.*?```python\n(.*?)```.*?</details>", re.S
)
CHECK = re.compile(r'^check\("(\d+\.\d+)", (\w+)\)$', re.M)


@dataclass(frozen=True)
class Written:
    """An exercise as its notebook has it; `name` is what is handed to `check`."""

    number: str
    title: str
    stub: str
    name: str
    solution: str
    output: str


@functools.cache
def exercises_in(path: Path) -> dict[str, Written]:
    """The exercises of a notebook by number. ValueError if a piece is missing."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = {}
    for place, cell in enumerate(cells):
        for match in HEADING.finditer(_text(cell)):
            found[match[1]] = _written(match[1], match[2], cells[place + 1 :])
    return found


def _written(number, title, after):
    """Put together an exercise from the cells after its heading."""
    stub = after[0] if after else {"cell_type": "none"}
    called = CHECK.search(_text(stub))
    solution = SOLUTION.search(_text(after[1])) if len(after) > 1 else None
    if stub["cell_type"] != "code" or not called or called[1] != number:
        raise ValueError(
            f'exercise {number}: the cell after its heading has no check("{number}", '
            "...): write stub and check in one cell"
        )
    if not solution:
        raise ValueError(
            f"exercise {number}: no ```python block under <summary>Worked solution"
            "</summary> in the cell after the stub: add one"
        )
    outputs = [_joined(each.get("text", "")) for each in stub["outputs"]]
    source = CHECK.sub("", _text(stub))
    return Written(number, title, source, called[2], solution[1], "".join(outputs))


def _text(cell):
    return _joined(cell.get("source", ""))


def _joined(text):
    return text if isinstance(text, str) else "".join(text)


def names_above(path: Path) -> dict:
    """The names that a notebook's imports, definitions and plain constants give.

    A definition that needs the result of another statement, as a default of an
    argument may, is left out.
    """
    names = {"__name__": "chapter"}
    for code in _code_above(path):
        with contextlib.suppress(NameError):
            exec(code, names)
    return names


@functools.cache
def _code_above(path):
    """The statements of a notebook that stand alone, compiled one by one."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [_text(cell) for cell in cells if cell["cell_type"] == "code"]
    nodes = [
        node
        for text in texts
        if not CHECK.search(text)
        for node in filter(_stands_alone, ast.parse(text).body)
    ]
    return [compile(ast.Module([node], []), path.name, "exec") for node in nodes]


def _stands_alone(node):
    """Whether a statement imports, defines, or gives a name to a plain constant."""
    if not isinstance(node, ast.Assign):
        return isinstance(
            node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
        )
    try:
        return ast.literal_eval(node.value) is not None
    except ValueError:
        return False
