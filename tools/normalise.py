"""Canonical form of a notebook file: cell ids, counts, metadata, spacing.

With this module one can: bring a notebook into the form that is committed
(`normalise`), keep stored measurements while nothing else changed
(`keep_measured`), and get the text of the file (`as_text`).

Normalising twice gives what normalising once gave. PNG pictures stay as they are;
widget views and widget state go, as do timings and editor settings.
"""

import copy
import hashlib
import re
from collections import Counter

import nbformat
from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from tools.course import FOLDED, ROOT

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SANITISING_RULES = ROOT / "tests" / "nbval_sanitize.cfg"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def normalise(notebook: NotebookNode) -> NotebookNode:
    """A copy of `notebook` in the one form that is committed.

    Cells keep their type, source, tags and outputs. Ids come from the source, counts
    run from 1 to n, all else that depends on the editor or on the run is dropped.

    >>> cell = nbformat.v4.new_code_cell("1 + 1", execution_count=7)
    >>> normalise(nbformat.v4.new_notebook(cells=[cell])).cells[0].execution_count
    1
    """
    cells = [_normal_cell(cell) for cell in notebook.cells]
    _number_code_cells(cells)
    _name_cells(cells)
    return nbformat.from_dict(
        {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )


def as_text(notebook: NotebookNode) -> str:
    """The text of the notebook's file: sorted keys, one space, a newline at the end.

    >>> as_text(normalise(nbformat.v4.new_notebook())).splitlines()[1]
    ' "cells": [],'
    """
    return nbformat.writes(notebook) + "\n"


def keep_measured(new: NotebookNode, stored: NotebookNode) -> NotebookNode:
    """A copy of `new` in which cells tagged `measured` keep their stored outputs.

    They do as long as their code, all code above them and, after sanitising, their
    text are what they were when they were stored: a stored cell's id names the source
    that made its output. To measure again, clear the cell's output and save.

    >>> empty = nbformat.v4.new_notebook()
    >>> keep_measured(empty, empty).cells
    []
    """
    kept = copy.deepcopy(new)
    as_run = _code_cells(normalise(stored))
    for fresh, old, same in zip(
        _code_cells(kept), _code_cells(stored), as_run, strict=False
    ):
        if old.get("id") != same.id or fresh.source.rstrip() != same.source:
            break
        if is_measured(fresh) and _same_but_measured(fresh, old):
            fresh.outputs = copy.deepcopy(old.outputs)
    return kept


def is_measured(cell: NotebookNode) -> bool:
    """True if the cell's output holds times or speed-ups, which differ in each run.

    >>> is_measured(nbformat.v4.new_code_cell(metadata={"tags": ["measured"]}))
    True
    """
    return "measured" in cell.metadata.get("tags", [])


def sanitise(text: str) -> str:
    """`text` after the rules by which nbval compares outputs (nbval_sanitize.cfg).

    >>> sanitise("a pass takes measured 3.4 ms")
    'a pass takes measured time'
    """
    rules = get_sanitize_patterns(SANITISING_RULES.read_text(encoding="utf-8"))
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _same_but_measured(fresh, old):
    return bool(old.outputs) and _comparable(fresh) == _comparable(old)


def _comparable(cell):
    """What stays of a cell's outputs without pictures and measured numbers."""
    found = []
    for output in _normal_outputs(cell.outputs, count=None):
        data = output.get("data", {"stream": output.get("text", "")})
        pictures = (kind for kind in data if kind.startswith("image/"))
        found.append(dict.fromkeys(pictures, "picture"))
        found[-1] |= {
            kind: sanitise(str(value))
            for kind, value in data.items()
            if not kind.startswith("image/")
        }
    return found


def _normal_cell(cell):
    normal = {
        "cell_type": cell.cell_type,
        "metadata": _normal_metadata(cell.metadata),
        "source": cell.source.rstrip(),
    }
    if cell.get("attachments"):
        normal["attachments"] = cell.attachments
    if cell.cell_type == "code":
        normal["outputs"] = cell.outputs
    return nbformat.from_dict(normal)


def _normal_metadata(metadata):
    """Tags, and for a folded cell both marks: JupyterLab's and the web edition's."""
    hidden = metadata.get("jupyter", {}).get("source_hidden", False)
    tags = set(metadata.get("tags", [])) | ({FOLDED} if hidden else set())
    normal = {"tags": sorted(tags)} if tags else {}
    return normal | ({"jupyter": {"source_hidden": True}} if FOLDED in tags else {})


def _number_code_cells(cells):
    code_cells = (cell for cell in cells if cell.cell_type == "code")
    for count, cell in enumerate(code_cells, start=1):
        cell.execution_count = count
        cell.outputs = _normal_outputs(cell.outputs, count)


def _normal_outputs(outputs, count):
    """Outputs without widget views and metadata, neighbouring streams joined."""
    normal = []
    for output in copy.deepcopy(outputs):
        previous = normal[-1] if normal else {}
        if output.output_type == "stream" and output.name == previous.get("name"):
            previous.text += output.text
            continue
        if "data" in output:
            output.data.pop(WIDGET_VIEW, None)
            output.metadata = {}
        if output.output_type == "execute_result":
            output.execution_count = count
        if output.get("data", True):
            normal.append(output)
    return normal


def _name_cells(cells):
    """Ids from the source; the second of two equal cells ends in -2, and so on."""
    seen = Counter()
    for cell in cells:
        text = f"{cell.cell_type}\n{cell.source}"
        name = hashlib.sha256(text.encode()).hexdigest()[:10]
        seen[name] += 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"
