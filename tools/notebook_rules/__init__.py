"""The rules that a committed chapter obeys, each a small function with a name.

With this package one can: check a notebook's file (`check`), see all rules (`RULES`)
and what breaks them (`Violation`). The rules stand by subject: structure, exercises,
figures, code, outputs, text; the numbers they hold stand in limits. What ruff can see
in a cell (its columns, undefined names, refused imports) is in pyproject.toml.
"""

from pathlib import Path

from tools.notebook_rules import code, exercises, figures, outputs, structure, text
from tools.notebook_rules.chapter import RULES, Chapter, Violation

__all__ = ["RULES", "Chapter", "Violation", "check", "check_chapter"]
FAMILIES = (structure, exercises, figures, code, outputs, text)


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
