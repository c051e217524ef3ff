"""Outputs: stored as `make chapters` writes them, true on every machine."""

import re

from tools.normalise import as_text, is_measured, normalise, sanitise
from tools.notebook_rules import limits
from tools.notebook_rules.chapter import Chapter, Findings, outputs, rule
from tools.notebook_rules.text import TAG

TIME = re.compile(
    r"\b\d[\d.,]* ?(?:s|ms|µs|μs|us|ns|sec|seconds?|minutes?|hours?|it/s|[MG]B/s)\b"
)
ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")
ROOTED_PATH = re.compile(r"(?<![\w.:/<*])(?:/[\w.-]+){2,}|\b[A-Z]:\\\w|file://")
VERSION = re.compile(r"\b\d+\.\d+\.\d+|\d\+cpu\b|\bPython 3\.\d+")
DEVICE = re.compile(r"\b(?:cuda(?::\d+)?|mps|cpu)\b")
DECIMAL = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})*)(?:\.(\d*)(?:[eE][-+]?\d+)?|()[eE][-+]?\d+)"
)
LIVING_KINDS = {
    "application/vnd.jupyter.widget-view+json": "a widget view",
    "application/javascript": "a script",
    "image/svg+xml": "an SVG picture",
}


def texts(cell) -> list[tuple[str, bool]]:
    """The texts of a cell's outputs without tags, and whether each is shown source."""
    source_shown = any(
        kind == "text/markdown" and text.startswith("```python")
        for kind, text in outputs(cell)
    )
    return [
        (_readable(kind, text), source_shown and kind != "stdout")
        for kind, text in outputs(cell)
        if kind.startswith("text/") or kind == "stdout"
    ]


def _readable(kind, text):
    return TAG.sub(" ", text) if kind in ("text/html", "text/markdown") else text


@rule
def all_cells_run(chapter: Chapter) -> Findings:
    """Execution counts are 1 to n: nbval does not check a cell without one."""
    for count, (number, cell) in enumerate(chapter.code, start=1):
        if cell.execution_count != count:
            yield (
                number,
                f"execution count = {cell.execution_count}, expected {count}. "
                "Run all with `make chapters`.",
            )


@rule
def normal_form(chapter: Chapter) -> Findings:
    """The file is what `make chapters` writes: ids, metadata, counts, spacing."""
    normal = normalise(chapter.notebook)
    for (number, cell), expected in zip(chapter.cells, normal.cells, strict=True):
        if cell != expected:
            keys = [key for key in expected if cell.get(key) != expected[key]]
            keys += [key for key in cell if key not in expected]
            yield number, f"{', '.join(keys)} not as `make chapters` writes. Run it."
            return
    if chapter.text != as_text(normal):
        yield None, "The file is not as `make chapters` writes it. Run it."


@rule
def no_errors_stored(chapter: Chapter) -> Findings:
    """No exceptions, no stderr, no warnings in the outputs."""
    for number, cell in chapter.code:
        for kind, text in outputs(cell):
            if kind in ("error", "stderr"):
                yield number, f"{kind} in the output: {text.strip()[:70]!r}. Mend it."
            elif kind == "stdout" and re.search(r"\w+Warning: ", text):
                yield number, "A warning in the output. Mend its cause."


@rule
def no_living_outputs(chapter: Chapter) -> Findings:
    """No widget state or views, scripts, SVG: pictures and text stay true."""
    if "widgets" in chapter.notebook.metadata:
        yield None, "Widget state in the metadata. Write it with `make chapters`."
    for number, cell in chapter.code:
        for kind, text in outputs(cell):
            if kind in LIVING_KINDS:
                yield number, f"{LIVING_KINDS[kind]} is stored. Use `make chapters`."
            elif kind == "text/html" and re.search(r"<(script|svg|iframe)", text):
                yield number, "A script, frame or SVG in HTML output. Print text."


@rule
def no_machine_facts(chapter: Chapter) -> Findings:
    """No times, addresses, paths, versions or devices in what is printed."""
    always = {"an address": ADDRESS, "a path": ROOTED_PATH}
    unless_source = {"a time": TIME, "a version": VERSION, "a device": DEVICE}
    for number, cell in chapter.code:
        found = {}
        for text, source_shown in texts(cell):
            patterns = always if source_shown else always | unless_source
            text = sanitise(text) if is_measured(cell) else text
            for what, pattern in patterns.items():
                if match := pattern.search(text):
                    found[what] = match[0]
        for what, example in found.items():
            yield (
                number,
                f"`{example}` in the output looks like {what}, which differs from "
                "machine to machine. Print a fact that does not.",
            )


@rule
def few_digits(chapter: Chapter) -> Findings:
    """At most four significant digits in printed numbers; whole numbers are free."""
    for number, cell in chapter.code:
        long = {
            match[0]
            for text, source_shown in texts(cell)
            if not source_shown
            for match in DECIMAL.finditer(text)
            if significant_digits(match) > limits.MOST_DIGITS
        }
        if long:
            yield (
                number,
                f"{', '.join(sorted(long)[:3])}: more than {limits.MOST_DIGITS} "
                "significant digits. Round what is printed.",
            )


def significant_digits(match: re.Match) -> int:
    """How many digits of a matched number carry meaning.

    Zeros in front, and zeros that end the fraction, do not count; a number whose
    fraction is zero is whole and counts as none.

    >>> [significant_digits(DECIMAL.match(text)) for text in ("0.0125", "12.50", "7.0")]
    [3, 3, 0]
    """
    whole, fraction = match[1].replace(",", ""), (match[2] or "").rstrip("0")
    if not fraction and not re.search("[eE]", match[0]):
        return 0
    return len((whole + fraction).lstrip("0"))
