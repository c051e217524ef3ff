"""Where the exercises of the course are found.

With this module one can
- list the chapters that have exercises (chapters, exercises_of),
- find an exercise by its number (find), or those near a wrong number (nearest).
"""

import importlib
import pkgutil
import re

PACKAGE = "helpers.exercises"


def chapters():
    """List the numbers of the chapters that have exercises, in order.

    Returns a list of int. Used by `progress`.

    >>> chapters() == sorted(chapters())
    True
    """
    folder = importlib.import_module(PACKAGE).__path__
    names = (module.name for module in pkgutil.iter_modules(folder))
    found = (re.fullmatch(r"chapter_(\d\d)", name) for name in names)
    return sorted(int(match[1]) for match in found if match)


def exercises_of(chapter):
    """Give the exercises of one chapter (an int from `chapters()`), as a tuple.

    Imports the chapter's module on first use. Used by `check` and `progress`.

    >>> [exercises_of(chapter)[0].chapter == chapter for chapter in chapters()[:1]]
    [True]
    """
    return importlib.import_module(f"{PACKAGE}.chapter_{chapter:02d}").EXERCISES


def find(number):
    """Give the exercise with this number, or None if there is none.

    >>> find("99.1") is None
    True
    """
    return next((each for each in _neighbours(number) if each.number == number), None)


def nearest(number):
    """List the numbers of the exercises in the same chapter, the nearest first.

    Empty if the course has no such chapter.

    >>> nearest("99.1")
    []
    """
    wanted = _position(number)
    others = [each.number for each in _neighbours(number)]
    return sorted(others, key=lambda other: abs(_position(other) - wanted))


def _neighbours(number):
    """The exercises of the chapter that `number` names; none if it names no chapter."""
    match = re.match(r"(\d+)\b", number) if isinstance(number, str) else None
    known = match and int(match[1]) in chapters()
    return exercises_of(int(match[1])) if known else ()


def _position(number):
    match = re.search(r"\.(\d{1,6})", number) if isinstance(number, str) else None
    return int(match[1]) if match else 0
