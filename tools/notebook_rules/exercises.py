"""Exercises: numbered, with a stub that runs, a check, a hint and a solution."""

import re

from tools.notebook_rules import limits
from tools.notebook_rules.chapter import (
    Chapter,
    Findings,
    code_lines,
    outputs,
    outside,
    parse,
    rule,
)
from tools.notebook_rules.text import fences, headings

TITLE = re.compile(r"Exercise (\d+\.\d+) · (\S.*) \((\d+) minutes?\)")
FOLDED = re.compile(
    r"<details>\n<summary>(.*?)</summary>\n\n(.*?)\n\n</details>", re.DOTALL
)


def exercises(chapter: Chapter) -> list[tuple[int, str]]:
    """The cell and the heading of each exercise, in order."""
    return [
        (cell, text)
        for cell, level, text in headings(chapter)
        if level == 3 and text.startswith("Exercise")
    ]


@rule
def exercise_numbers(chapter: Chapter) -> Findings:
    """Four to six exercises, numbered from N.1 in order, under `## Exercises`."""
    found = exercises(chapter)
    if outside(len(found), limits.EXERCISES):
        low, high = limits.EXERCISES
        yield None, f"{len(found)} exercises (`### Exercise`); make it {low} to {high}."
    for count, (cell, text) in enumerate(found, start=1):
        expected = f"{chapter.number}.{count}"
        match = TITLE.fullmatch(text)
        if not match or match[1] != expected:
            yield (
                cell,
                f"`### {text}`: write `### Exercise {expected} · Title (M minutes)`.",
            )
    sections = [(cell, text) for cell, level, text in headings(chapter) if level == 2]
    starts = [cell for cell, text in sections if text == "Exercises"]
    if found and (len(starts) != 1 or starts[0] > found[0][0]):
        yield found[0][0], "Exercises stand under one section, `## Exercises`. Add it."


@rule
def exercise_stub(chapter: Chapter) -> Findings:
    """The cell after an exercise is a short stub that ends in its own check."""
    for number, text in exercises(chapter):
        name = text.split()[1] if len(text.split()) > 1 else "?"
        cell = chapter.cell(number + 1)
        if cell is None or cell.cell_type != "code":
            yield (
                number,
                f"The cell after exercise {name} is not its stub. Put it there.",
            )
            continue
        lines = cell.source.rstrip().splitlines() or [""]
        if not lines[-1].startswith(f'check("{name}", '):
            yield number + 1, f'The stub\'s last line is not `check("{name}", ...)`.'
        if code_lines(cell.source) - 1 > limits.USUAL_CELL_LINES:
            yield (
                number + 1,
                f"The stub has {code_lines(cell.source) - 1} lines; "
                f"at most {limits.USUAL_CELL_LINES}. Give more of it.",
            )
        printed = "".join(text for kind, text in outputs(cell) if kind == "stdout")
        if printed.strip() != f"{name} · your turn":
            yield (
                number + 1,
                f"The stub's output is {printed.strip()[:60]!r}, not "
                f"'{name} · your turn'. Leave the stub unfilled, and run it.",
            )


@rule
def exercise_answers(chapter: Chapter) -> Findings:
    """Two cells after an exercise: a folded hint and a folded worked solution."""
    for number, text in exercises(chapter):
        cell = chapter.cell(number + 2)
        folded = FOLDED.findall(cell.source) if cell else []
        if (
            [summary for summary, _ in folded] != ["Hint", "Worked solution"]
            or not cell.source.startswith("<details>")
            or cell.cell_type != "markdown"
        ):
            yield (
                number,
                f"Two cells after `{text}` there is no folded hint and worked "
                "solution. Write two blocks `<details>`, `<summary>Hint</summary>` "
                "and `<summary>Worked solution</summary>`, a blank line after "
                "each summary and before each `</details>`.",
            )
            continue
        for block in fences(folded[1][1]):
            if parse(block) is None or _widest(block) > limits.MOST_COLUMNS:
                yield number + 2, "The worked solution is not Python of 79 columns."


def _widest(block):
    return max((len(line) for line in block.splitlines()), default=0)
