"""The structure of a chapter: opening, imports, headings, sizes, and its end."""

import ast
import re
from statistics import median

from tools.notebook_rules import limits
from tools.notebook_rules.chapter import (
    Chapter,
    Findings,
    code_lines,
    is_folded,
    outside,
    parse,
    rule,
)
from tools.notebook_rules.text import fences, headings, words

OPENING_TEXTS = ("**Question.**", "you can", "**Mathematics.**", "minutes to read")
CLOSING_TEXTS = ("**In PyTorch itself.**", "**Sources.**", "**Next.**")


@rule
def known_name(chapter: Chapter) -> Findings:
    """The file is one of the course's eighteen."""
    if chapter.path.stem not in limits.COURSE:
        yield (
            None,
            f"file = {chapter.path.name}: not in the course's list. "
            "Rename it as tools/notebook_rules/limits.py has it.",
        )


@rule
def one_title(chapter: Chapter) -> Findings:
    """One H1, in the first cell, of the form `# 01 · Scalars`."""
    titles = [(cell, text) for cell, level, text in headings(chapter) if level == 1]
    form = rf"{chapter.number:02d} · \S.*"
    if not titles or titles[0][0] != 1 or not re.fullmatch(form, titles[0][1]):
        yield (
            1,
            f"The first cell opens with the title, `# {chapter.number:02d} · Title`.",
        )
    for cell, text in titles[1:]:
        yield cell, f"`# {text}` is a second title. Make it a section (`##`)."


@rule
def opening(chapter: Chapter) -> Findings:
    """The first cell holds the loop, a question, aims, the mathematics, the minutes."""
    source = chapter.cell(1).source if chapter.cells else ""
    loops = [block for block in fences(source) if _five_lines_in_order(block)]
    if not loops:
        yield (
            1,
            "The five-line loop is missing: a ```python block with "
            + ", ".join(f"`{line}`" for line in limits.FIVE_LINES)
            + ", in this order.",
        )
    elif chapter.number in limits.REBUILDING and "# <-" not in "".join(loops):
        yield 1, "No line of the loop is marked. End the rebuilt one with `# <- ...`."
    texts = OPENING_TEXTS + (("Builds on",) if chapter.number > 0 else ())
    for text in texts:
        if text not in source:
            yield 1, f"The opening lacks `{text}`. Add it."


def _five_lines_in_order(block):
    places = [block.find(line) for line in limits.FIVE_LINES]
    return -1 not in places and places == sorted(places)


@rule
def imports(chapter: Chapter) -> Findings:
    """The second cell imports, in at most twelve lines."""
    cell = chapter.cell(2)
    tree = parse(cell.source) if cell and cell.cell_type == "code" else None
    body = tree.body if tree else []
    if not body or not isinstance(body[0], ast.Import | ast.ImportFrom):
        yield 2, "The second cell is code and holds the imports. Move them there."
    elif code_lines(cell.source) > limits.USUAL_CELL_LINES:
        yield (
            2,
            f"{code_lines(cell.source)} lines; at most {limits.USUAL_CELL_LINES}. "
            "Import less, or import modules instead of names.",
        )


@rule
def headings_nest(chapter: Chapter) -> Findings:
    """No heading level is skipped."""
    previous = 0
    for cell, level, text in headings(chapter):
        if level > previous + 1:
            yield (
                cell,
                f"`{text}` is a heading of level {level} under one of level "
                f"{previous}. Use `{'#' * (previous + 1)}`.",
            )
        previous = level


@rule
def size(chapter: Chapter) -> Findings:
    """Cells, prose, code and bytes are within the limits."""
    counts = (
        ("cells", len(chapter.cells), limits.CELLS),
        (
            "words of prose",
            sum(words(c.source) for _, c in chapter.markdown),
            limits.PROSE_WORDS,
        ),
        (
            "lines of code outside folded cells",
            sum(code_lines(c.source) for _, c in chapter.open_code),
            limits.CODE_LINES,
        ),
        ("bytes", len(chapter.text.encode()), (0, limits.MOST_BYTES)),
    )
    for what, count, (low, high) in counts:
        if outside(count, (low, high)):
            advice = "Add" if count < low else "Cut"
            yield (
                None,
                f"{count:,} {what}; {low:,} to {high:,} allowed. {advice} some.",
            )


@rule
def small_cells(chapter: Chapter) -> Findings:
    """Code cells are short: the median and nine of ten of the open ones, and each."""
    for number, cell in chapter.code:
        length = code_lines(cell.source) - is_folded(cell)  # it opens with a comment
        if length > limits.MOST_CELL_LINES:
            yield number, f"{length} lines; at most {limits.MOST_CELL_LINES}. Split it."
    lengths = [(number, code_lines(cell.source)) for number, cell in chapter.open_code]
    if not lengths:
        return
    long = [number for number, lines in lengths if lines > limits.USUAL_CELL_LINES]
    if len(long) > (1 - limits.USUAL_SHARE) * len(lengths):
        yield (
            None,
            f"{len(long)} of {len(lengths)} code cells have over "
            f"{limits.USUAL_CELL_LINES} lines; one in ten may. Split some of: {long}.",
        )
    middle = median(length for _, length in lengths)
    if outside(middle, limits.MEDIAN_CELL_LINES):
        low, high = limits.MEDIAN_CELL_LINES
        yield None, f"The median code cell has {middle:g} lines; {low} to {high} reads."


@rule
def what_to_keep(chapter: Chapter) -> Findings:
    """The last section: bullets, PyTorch's own place, sources, the next question."""
    sections = [(cell, text) for cell, level, text in headings(chapter) if level == 2]
    if not sections or sections[-1][1] != "What to keep":
        yield (
            None,
            "The last section is not `## What to keep`. End the chapter with it.",
        )
        return
    start = sections[-1][0]
    tail = [cell for number, cell in chapter.cells if number >= start]
    if any(cell.cell_type == "code" for cell in tail):
        yield start, "Code follows `## What to keep`. Move it above."
    text = "\n".join(cell.source for cell in tail).partition("## What to keep")[2]
    bullets = len(re.findall(r"^- ", text.partition("**In PyTorch")[0], re.MULTILINE))
    if outside(bullets, limits.BULLETS_TO_KEEP):
        low, high = limits.BULLETS_TO_KEEP
        yield start, f"{bullets} bullets (`- `) to keep; make it {low} to {high}."
    for closing in CLOSING_TEXTS[: 2 if chapter.number == limits.LAST else 3]:
        if not re.search("^" + re.escape(closing), text, re.MULTILINE):
            yield start, f"`{closing}` is missing. Begin a paragraph with it."
