"""Which exercises are solved: a folder with an empty file for each.

With this module one can
- remember a solved exercise (remember),
- read which ones are solved (solved),
- ask where the folder is (folder).

The folder is `.progress` in the project, or the one that the environment variable
COURSE_PROGRESS names. One that cannot be written stops nobody: this kernel keeps what
it has seen.
"""

import os
from pathlib import Path

_seen = set()  # solved in this kernel, whatever becomes of the folder
_told = set()  # notes that were given already


def folder():
    """Give the path of the folder, which may not exist yet.

    >>> isinstance(folder(), Path)
    True
    """
    named = os.environ.get("COURSE_PROGRESS")
    return Path(named or Path(__file__).parents[2] / ".progress").expanduser()


def solved():
    """Give the numbers of the exercises that are solved, as a set of text.

    >>> isinstance(solved(), set)
    True
    """
    try:
        return _seen | {file.name for file in folder().iterdir()}
    except OSError:  # not there yet, or not to be read
        return set(_seen)


def remember(number):
    """Remember that exercise `number` is solved.

    Returns a sentence if the folder cannot be written, once, and None otherwise.
    """
    _seen.add(number)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / number).touch()
    except OSError:
        note = (
            f"({folder().name} cannot be written: solved exercises are remembered "
            "until the kernel stops.)"
        )
        if note not in _told:
            _told.add(note)
            return note
    return None
