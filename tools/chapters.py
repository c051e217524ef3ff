"""Execute chapters from a clean kernel and write them in the one committed form.

    python -m tools.chapters            every chapter
    python -m tools.chapters 01 07      these (or CH=01)
    python -m tools.chapters --check    execute nothing, list what the rules refuse

A cell that raises stops its chapter, is shown with its traceback, and leaves the file
as it was; the exit code is then 1.
"""

import argparse
import copy
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools import course
from tools.kernel import CourseKernelManager, kernel_environment
from tools.normalise import as_text, keep_measured, normalise
from tools.notebook_rules import check

SECONDS_PER_CELL = 120
COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*m")


class CellStopped(Exception):
    """A cell did not finish; the text shows the cell and why, as a reader sees it."""


def execute(notebook: NotebookNode, folder: Path, progress=print) -> NotebookNode:
    """A copy of `notebook`, run from its first cell to its last in a clean kernel.

    Args:
        folder: the kernel's working directory, normally chapters/.
        progress: called with the number of the cell that starts, from 1.

    Raises: CellStopped at the first cell that raises, hangs or ends its kernel.

    >>> execute(nbformat.v4.new_notebook(), Path(".")).cells
    []
    """
    fresh = copy.deepcopy(notebook)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    client = NotebookClient(
        fresh,
        kernel_manager_class=CourseKernelManager,
        timeout=SECONDS_PER_CELL,
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        client.setup_kernel(
            env=kernel_environment(Path(scratch)), stderr=subprocess.DEVNULL
        ),
    ):
        for index, cell in enumerate(fresh.cells):
            progress(index + 1)
            _run_cell(client, cell, index)
    return fresh


def refresh(path: Path, progress=print) -> bool:
    """Execute and normalise the notebook in `path`; True if its file changed.

    Raises: CellStopped, with the file untouched.
    """
    stored_text = path.read_text(encoding="utf-8")
    stored = nbformat.reads(stored_text, as_version=4)
    fresh = execute(stored, path.parent, progress)
    text = as_text(normalise(keep_measured(fresh, stored)))
    if text == stored_text:
        return False
    beside = path.with_suffix(".ipynb.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)
    return True


def _run_cell(client, cell, index):
    try:
        client.execute_cell(cell, index)
    except CellTimeoutError:
        reason = f"It was still running after {SECONDS_PER_CELL} seconds."
    except DeadKernelError:
        reason = "The kernel died (often: out of memory)."
    except CellExecutionError:
        errors = (out for out in cell.outputs if out.output_type == "error")
        reason = "\n".join(next(errors).traceback)
    else:
        return
    total = len(client.nb.cells)
    raise CellStopped(f"cell {index + 1} of {total}\n\n{cell.source}\n\n{reason}")


def _report(path) -> bool:
    """Refresh one chapter and say how it went, on one line; True if it ran."""
    total = len(nbformat.read(path, as_version=4).cells)
    start = time.perf_counter()

    def show(cell):
        if sys.stdout.isatty():
            print(f"\r{path.name}: cell {cell} of {total} ", end="", flush=True)

    try:
        changed = refresh(path, show)
    except CellStopped as stopped:
        print(f"\r{path.name} stopped at {_plain(str(stopped))}", flush=True)
        print(f"\n{path.name} is unchanged. Mend the cell and run it again.")
        return False
    seconds = time.perf_counter() - start
    size = path.stat().st_size / 1000
    verb = "written" if changed else "unchanged"
    print(f"\r{path.name}: {total} cells, {seconds:.1f} s, {size:.0f} KB, {verb}")
    return True


def _plain(text):
    return text if sys.stdout.isatty() else COLOUR_CODES.sub("", text)


def _refused(paths) -> bool:
    """Print what the rules refuse in these chapters; True if anything."""
    violations = [violation for path in paths for violation in check(path)]
    for violation in violations:
        print(violation)
    count = len(violations)
    print(f"{len(paths)} chapters checked, {count or 'nothing'} refused")
    return bool(violations)


def _arguments(words):
    parser = argparse.ArgumentParser(
        prog="python -m tools.chapters", description=__doc__.splitlines()[0]
    )
    parser.add_argument("numbers", nargs="*", metavar="01", help="default: all")
    parser.add_argument(
        "--check", action="store_true", help="only list what the rules refuse"
    )
    return parser.parse_args(words)


def main(words=None) -> int:
    """The command line; returns the exit code: 0 if all went well, else 1."""
    arguments = _arguments(words)
    numbers = arguments.numbers or os.environ.get("CH", "").split()
    try:
        named = [course.find(number) for number in numbers]
    except ValueError as error:
        print(error)
        return 1
    paths = sorted(set(named)) or list(course.chapters().values())
    if arguments.check:
        return int(_refused(paths))
    ran = [_report(path) for path in paths]  # all of them, also after one stopped
    return int(not all(ran))


if __name__ == "__main__":
    sys.exit(main())
