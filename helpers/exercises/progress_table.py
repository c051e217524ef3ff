"""The table of solved and open exercises, as text or in a notebook."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from helpers.exercises.catalogue import chapters, exercises_of
from helpers.exercises.progress import solved

SOLVED, OPEN = "✓", "·"


@dataclass(frozen=True)
class Row:
    """One chapter and its exercises.

    Args:
        heading: the chapter's number and name.
        exercises: (number, title, whether it is solved) of each.

    >>> Row("01 scalars", (("1.1", "Slope", True), ("1.2", "Order", False))).count
    1
    """

    heading: str
    exercises: tuple[tuple[str, str, bool], ...]

    @property
    def count(self):
        """How many exercises of the chapter are solved."""
        return sum(solved for _, _, solved in self.exercises)


@dataclass(frozen=True)
class ProgressTable:
    """One row a chapter, a mark for each exercise: ✓ solved, · open.

    A notebook shows it as a table in its own colours; `print` shows it as text.

    Args:
        rows: a `Row` for each chapter, in order.

    >>> print(ProgressTable((Row("01 scalars", (("1.1", "Slope", True),)),)))
    01 scalars  1.1 ✓  1 of 1
    solved 1 of 1
    """

    rows: tuple[Row, ...]

    @classmethod
    def from_record(cls):
        """Make the table of the whole course from what is remembered as solved."""
        done = solved()
        return cls(tuple(_row(chapter, done) for chapter in chapters()))

    def __repr__(self):
        width = max((len(row.heading) for row in self.rows), default=0)
        longest = max((len(_marks(row)) for row in self.rows), default=0)
        lines = [
            f"{row.heading:{width}}  {_marks(row):{longest}}  {_share(row)}"
            for row in self.rows
        ]
        return "\n".join([*lines, self._total()])

    def _repr_html_(self):
        rows = "".join(_html_row(row) for row in self.rows)
        return (
            '<table style="border-collapse: collapse; color: inherit">'
            f'<caption style="text-align: left">{self._total()}</caption>'
            "<thead><tr><th>chapter</th><th>exercises</th><th>solved</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )

    def _total(self):
        count = sum(row.count for row in self.rows)
        return f"solved {count} of {sum(len(row.exercises) for row in self.rows)}"


def _row(chapter, done):
    exercises = exercises_of(chapter)
    marks = ((each.number, each.title, each.number in done) for each in exercises)
    return Row(_heading(chapter), tuple(marks))


def _heading(chapter):
    """The chapter's number and name, as its notebook's file has them."""
    folder = Path(__file__).resolve().parents[2] / "chapters"
    names = sorted(file.stem for file in folder.glob(f"{chapter:02d}_*.ipynb"))
    return names[0].replace("_", " ") if names else f"{chapter:02d}"


def _marks(row):
    marks = (f"{n} {SOLVED if solved else OPEN}" for n, _, solved in row.exercises)
    return "  ".join(marks)


def _share(row):
    return f"{row.count} of {len(row.exercises)}"


def _html_row(row):
    cells = "".join(_html_mark(*exercise) for exercise in row.exercises)
    return (
        f'<tr><th scope="row" style="text-align: left">{escape(row.heading)}</th>'
        f'<td style="text-align: left">{cells}</td><td>{_share(row)}</td></tr>'
    )


def _html_mark(number, title, solved):
    mark, state = (SOLVED, "solved") if solved else (OPEN, "open")
    weight = "bold" if solved else "normal"
    label = escape(f"{number} {title}: {state}", quote=True)
    return (
        f'<span role="img" title="{label}" aria-label="{label}" style="display: '
        f'inline-block; margin-right: 1em; font-weight: {weight}">{number} {mark}'
        "</span>"
    )
