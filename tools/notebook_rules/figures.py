"""Figures: numbered, captioned, at least one live; folded cells say what they do."""

import re

from tools.notebook_rules import limits
from tools.notebook_rules.chapter import Chapter, Findings, is_folded, outputs, rule
from tools.notebook_rules.text import words

CAPTION = re.compile(r"\*\*Figure (\d+\.\d+)\.\*\* (.+)", re.DOTALL)


def figures(chapter: Chapter) -> list[int]:
    """The numbers of the cells that show a picture."""
    return [
        number
        for number, cell in chapter.code
        if any(kind == "image/png" for kind, _ in outputs(cell))
    ]


@rule
def figure_captions(chapter: Chapter) -> Findings:
    """Each picture has, in the next cell, its number and a caption."""
    for count, number in enumerate(figures(chapter), start=1):
        name = f"{chapter.number}.{count}"
        cell = chapter.cell(number + 1)
        text = cell.source if cell and cell.cell_type == "markdown" else ""
        match = CAPTION.match(text)
        if not match or match[1] != name:
            yield (
                number,
                f"The next cell does not open with `**Figure {name}.**`. "
                "Caption the picture there: what is drawn, and what to notice.",
            )
        elif words(match[2].split("\n\n")[0]) < limits.FEWEST_CAPTION_WORDS:
            yield (
                number + 1,
                "The caption is too short. Say what is drawn, what to see.",
            )


@rule
def one_picture_a_cell(chapter: Chapter) -> Findings:
    """A cell shows one picture at most, so that each can have its caption."""
    for number, cell in chapter.code:
        count = sum(kind == "image/png" for kind, _ in outputs(cell))
        if count > 1:
            yield number, f"{count} pictures in one cell. Make it one cell a picture."


@rule
def captions_without_figure(chapter: Chapter) -> Findings:
    """A caption stands under a picture."""
    shown = set(figures(chapter))
    for number, cell in chapter.markdown:
        if cell.source.startswith("**Figure") and number - 1 not in shown:
            yield number, "The cell above this caption shows no picture. Run it."


@rule
def folded_cells_say_what(chapter: Chapter) -> Findings:
    """A folded cell shows its first line alone: a comment, with the figure's name."""
    pictures = figures(chapter)
    for number, cell in chapter.code:
        first = cell.source.partition("\n")[0]
        if not is_folded(cell):
            continue
        if not first.startswith("# "):
            yield (
                number,
                "The cell is folded and shows only its first line. Open it with a "
                "comment that says what it draws or does.",
            )
        elif number in pictures:
            name = f"Figure {chapter.number}.{pictures.index(number) + 1}"
            if not re.search(rf"{name}\b", first):
                yield number, f"The cell is folded. Name {name} in its first line."


@rule
def live_figure(chapter: Chapter) -> Findings:
    """At least one figure is interactive."""
    texts = (
        text
        for _, cell in chapter.code
        for kind, text in outputs(cell)
        if kind == "text/plain"
    )
    if not any(text.startswith(limits.LIVE_FIGURES) for text in texts):
        names = " or ".join(name + "...)" for name in limits.LIVE_FIGURES)
        yield None, f"No interactive figure. End a cell with a {names}."
