"""The museum: broken training loops from public reports.

With this package one can
- list the exhibits and the rooms (EXHIBITS, ROOMS),
- visit one: ask for clues, judge, call the doctor, see the fix (visit),
- run one with the doctor at its side (run), or run a loop of one's own so,
- walk through all of them by mouse or keyboard (`showcase.Showcase`).

Every exhibit is a loop of some ten lines with one thing wrong, from reports of people
who had it in theirs. Chapter 16 shows them.
"""

from dataclasses import replace

from helpers.museum import rooms
from helpers.museum.exhibit import PRELUDE, SYMPTOMS, Exhibit
from helpers.museum.runs import Run, run
from helpers.museum.visit import Visit

__all__ = [
    "EXHIBITS",
    "PRELUDE",
    "ROOMS",
    "SYMPTOMS",
    "Exhibit",
    "Run",
    "Visit",
    "run",
    "visit",
]


def _numbered():
    """The exhibits of all rooms, numbered through."""
    found = []
    for room, exhibits in rooms.ROOMS.items():
        for exhibit in exhibits:
            found.append(replace(exhibit, number=len(found) + 1, room=room))
    return tuple(found)


EXHIBITS = _numbered()
ROOMS = {
    room: tuple(each for each in EXHIBITS if each.room == room) for room in rooms.ROOMS
}


def visit(number):
    """Go to an exhibit.

    Args:
        number: int, from 1 to the number of exhibits.

    Returns: a `Visit`, which shows its loop with numbered lines.

    Raises: `ValueError` for a number that no exhibit has.

    >>> visit(7).judge(6, "backward-missing").split(".")[0]
    'The cause is right, and so is the line'
    """
    if number not in range(1, len(EXHIBITS) + 1):
        raise ValueError(
            f"number = {number!r}; there are exhibits 1 to {len(EXHIBITS)}: give one "
            "of these numbers"
        )
    return Visit(EXHIBITS[number - 1])
