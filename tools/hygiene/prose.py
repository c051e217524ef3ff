"""Reading markdown: what is a heading, what is prose, what is code inside it."""

import re
from collections.abc import Iterator

from tools.hygiene.chapter import Chapter

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE_FORMULA = re.compile(r"(?<![\\$])\$[^$\n]+\$")
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
TAG = re.compile(r"<[/!]?[a-zA-Z][^>]*>")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^(#{1,6}) +(.*?) *$", re.MULTILINE)


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
