"""The rules that a committed chapter obeys, each a small function with a name.

With this package one can: check a notebook's file (`check`), see all rules (`RULES`)
and what breaks them (`Violation`). The rules stand by subject: shape, exercises,
figures, code, outputs, words, form; the numbers they hold stand in limits.
"""

from pathlib import Path

from tools.hygiene import code, exercises, figures, form, outputs, shape, words
from tools.hygiene.chapter import RULES, Chapter, Violation

__all__ = ["RULES", "Chapter", "Violation", "check", "check_chapter"]
FAMILIES = (shape, exercises, figures, code, outputs, words, form)


def check(path: Path) -> list[Violation]:
    """All violations in the notebook at `path`, in order of cells."""
    return check_chapter(Chapter.read(path))


def check_chapter(chapter: Chapter) -> list[Violation]:
    """All violations in `chapter`: first of the whole notebook, then cell by cell."""
    violations = [
        Violation(chapter.path.name, cell, name, message)
        for name, rule in RULES.items()
        for cell, message in rule(chapter)
    ]
    return sorted(violations, key=lambda violation: violation.cell or 0)
