"""Text: plain words, links that lead somewhere, few formulas in a row."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.notebook_rules import limits
from tools.notebook_rules.chapter import Chapter, Findings, outputs, rule

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE_FORMULA = re.compile(r"(?<![\\$])\$[^$\n]+\$")
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
TAG = re.compile(r"<[/!]?[a-zA-Z][^>]*>")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^(#{1,6}) +(.*?) *$", re.MULTILINE)
WORDS_THAT_PART_FORMULAS = 5
REFUSED = {
    r"optimis(?:er|ers|ation)": "write optimizer, as PyTorch does",
    r"simply": "leave it out",
    r"let(?:'|’)?s? (?:us )?(?:dive|delve)": "begin with the thing itself",
    r"div(?:e|ing) (?:in|into|deep|deeper)": "begin with the thing itself",
    r"delv(?:e|es|ing)": "say what is done",
    r"obviously|trivial(?:ly)?|needless to say|of course|as we all know": (
        "what is plain to one reader is not to another"
    ),
    r"mini ?batch(?:es)?": "write mini-batch",
    r"congratulations|well done|great job|awesome|amazing(?:ly)?": "no praise",
    r"learning-rate": "write learning rate",
    r"computational graph": "write graph",
}
PATTERNS = [
    (re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), advice)
    for words, advice in REFUSED.items()
]
EMOJI = re.compile("[\U0001f300-\U0001faff✅✨❌⭐⚡]")


def headings(chapter: Chapter) -> Iterator[tuple[int, int, str]]:
    """All headings in order, as (cell, level, text); code blocks have none."""
    for number, cell in chapter.markdown:
        for marks, text in HEADING.findall(FENCE.sub("", cell.source)):
            yield number, len(marks), text


def fences(source: str) -> list[str]:
    r"""The contents of the code blocks in `source`.

    >>> fences("text\n```python\nx = 1\n```")
    ['x = 1\n']
    """
    return [body for _, body in FENCE.findall(source)]


def words(source: str) -> int:
    """How many words of `source` one reads: no code, formulas, links, folded text.

    >>> words("The loss $x$ of [01 scalars](01_scalars.ipynb) falls.")
    5
    """
    for pattern in (DETAILS, FENCE, FORMULA, INLINE_FORMULA, TAG):
        source = pattern.sub(" ", source)
    source = LINK.sub(r"\2", source)
    return sum(bool(re.search(r"[^\W\d_]", word)) for word in source.split())


@rule
def plain_words(chapter: Chapter) -> Findings:
    """None of the refused words, emoji or rows of exclamation marks."""
    for number, cell in chapter.cells:
        printed = outputs(cell) if cell.cell_type == "code" else ()
        texts = [cell.source, *(text for kind, text in printed if kind == "stdout")]
        for text in texts:
            for pattern, advice in PATTERNS:
                if match := pattern.search(text):
                    yield number, f"`{match[0]}`: {advice}."
            if match := EMOJI.search(text):
                yield number, f"`{match[0]}`: no emoji."
            if "!!" in FENCE.sub("", text):
                yield number, "`!!`: one mark is enough, none is better."


@rule
def links(chapter: Chapter) -> Findings:
    """Links within the course lead to files that exist."""
    for number, cell in chapter.markdown:
        for _, _, target in LINK.findall(FENCE.sub("", cell.source)):
            if re.match(r"(?:https?:|mailto:|#|data:|attachment:)", target):
                continue
            if not (chapter.path.parent / target.partition("#")[0]).exists():
                yield (
                    number,
                    f"`{Path(target).name}` does not exist. Name it without a link "
                    "until it is written.",
                )


@rule
def pictures_at_hand(chapter: Chapter) -> Findings:
    """Pictures in markdown come with the course and have a text in their place."""
    for number, cell in chapter.markdown:
        sources = [target for mark, _, target in LINK.findall(cell.source) if mark]
        sources += re.findall(r"<img[^>]*src=[\"']([^\"']+)", cell.source)
        for target in sources:
            if re.match(r"(?:https?:)?//", target):
                yield number, f"`{target}` is fetched from elsewhere. Draw it in code."
        if re.search(r"!\[\s*\]\(", cell.source):
            yield number, "A picture without a text in its place: `![what it shows]`."


@rule
def few_formulas_in_a_row(chapter: Chapter) -> Findings:
    """Words part formulas: at most five follow each other without any."""
    row = 0
    for number, cell in chapter.cells:
        if cell.cell_type == "code":
            row = 0
            continue
        pieces = FORMULA.split(FENCE.sub("words " * 5, cell.source))
        for index, piece in enumerate(pieces):
            if index % 2:
                row += 1 + piece.count(r"\\")
            elif words(piece) >= WORDS_THAT_PART_FORMULAS:
                row = 0
            if row > limits.MOST_FORMULAS_IN_A_ROW:
                yield (
                    number,
                    f"{row} formulas in a row; at most "
                    f"{limits.MOST_FORMULAS_IN_A_ROW}. Say one of them in words.",
                )
                return
