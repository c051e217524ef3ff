"""How long each live figure of the chapters takes to follow its controls.

    python -m benchmarks.chapter_figures               all chapters
    python -m benchmarks.chapter_figures 06 --pictures FOLDER

A chapter's code is executed, then every control of every live figure goes through its
values, the others as they stood. With `--pictures` each state is kept as a PNG, to be
looked at.
"""

import argparse
import contextlib
import io
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers.viz.picture import Picture
from helpers.viz.widgets import LiveFigure
from tools.course import CHAPTERS, chapters, find
from tools.kernel import kernel_environment

MILLISECONDS = 150  # from a change to the new picture; more is a mark missed
STOPS = 7  # along a slider


def live_figures(notebook: Path) -> list[Picture]:
    """Execute the code of a notebook; all its live figures, in order."""
    made, plain_init = [], Picture.__init__

    def noticed(picture, *args, **options):
        plain_init(picture, *args, **options)
        made.append(picture)

    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    Picture.__init__ = noticed
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in nbformat.read(notebook, as_version=4).cells:
                if cell.cell_type == "code":
                    shell.run_cell(cell.source, silent=True).raise_error()
    finally:
        Picture.__init__ = plain_init
    return made


def states(picture: Picture):
    """Functions that put one control after the other through its values, each named."""
    if not isinstance(picture, LiveFigure):
        for step in range(picture.count):
            yield f"step={step}", lambda step=step: picture.go_to(step)
        return
    first = picture.values
    for name, control in picture.controls.items():
        for value in _values(control):
            change = first | {name: value}
            yield (
                f"{name}={_short(value)}",
                lambda change=change: picture.update(**change),
            )


def _values(control) -> list:
    """All values of a choice or switch; some along a slider, its ends among them."""
    if hasattr(control, "options"):
        return [value for _, value in control._options_full]
    if not hasattr(control, "steps"):
        return [True, False]
    last = len(control.steps) - 1
    marks = sorted({round(stop * last / (STOPS - 1)) for stop in range(STOPS)})
    return [control.steps[mark] for mark in marks]


def _short(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def measure(picture: Picture, keep: Path | None = None) -> dict[str, float]:
    """The milliseconds that each state took to be drawn; the pictures are kept."""
    taken = {}
    for name, change in states(picture):
        before = picture.png
        start = time.perf_counter()
        change()
        if picture.png != before:
            taken[name] = 1000 * (time.perf_counter() - start)
        if picture.error:
            print(f"  {name}: {picture.error}")
        if keep:
            safe = re.sub(r"[^\w.=-]+", "_", name)
            (keep / f"{safe}.png").write_bytes(picture.png)
    return taken


def report(number: str, folder: Path | None) -> None:
    """Measure the figures of a chapter, a line for each."""
    print(number)
    for count, picture in enumerate(live_figures(find(number)), start=1):
        keep = folder and folder / f"{number}_live{count}"
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
        taken = measure(picture, keep)
        slowest = max(taken, key=taken.get, default="nothing moves")
        times = sorted(taken.values()) or [0.0]
        slow = sum(value > MILLISECONDS for value in times)
        print(
            f"  {count}: {len(times)} new pictures, median {median(times):.0f} ms, "
            f"most {times[-1]:.0f} ms at {slowest}; {slow} over {MILLISECONDS} ms"
        )


def main(words: list[str]) -> None:
    """Report on the chapters that the words name, or on all."""
    parser = argparse.ArgumentParser(prog="benchmarks.chapter_figures")
    parser.add_argument("chapters", nargs="*", default=list(chapters()))
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    options = parser.parse_args(words)
    folder = options.pictures and options.pictures.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(kernel_environment(Path(scratch)))
        os.chdir(CHAPTERS)
        for number in options.chapters:
            report(number, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
