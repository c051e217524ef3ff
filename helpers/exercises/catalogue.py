"""Where the exercises of the course are found: by the numbers in the names of files.

With this module one can
- list the chapters that have exercises (chapters), and those of one (exercises_of),
- find an exercise by its number (find), or the numbers near a wrong one (nearest).

Exercise 6.4 is `EXERCISE` in `chapter_06/e4_<title>.py`, or in a folder of that name.
"""

import functools
import importlib
import pkgutil
import re

PACKAGE = "helpers.exercises"


def chapters():
    """List the numbers of the chapters that have exercises, in order, as int.

    >>> chapters() == sorted(chapters())
    True
    """
    return [number for number, _ in _numbered(PACKAGE, r"chapter_(\d\d)")]


def exercises_of(chapter):
    """Give the exercises of one chapter (an int from `chapters()`), as a tuple.

    >>> [each.number for each in exercises_of(1)][:2]
    ['1.1', '1.2']
    """
    return tuple(_load(chapter, position, name) for position, name in _files(chapter))


def find(number):
    """Give the exercise with this number, or None if there is none.

    >>> find("99.1") is None
    True
    """
    chapter = _chapter(number)
    for position, name in _files(chapter):
        if number == f"{chapter}.{position}":
            return _load(chapter, position, name)
    return None


def nearest(number):
    """List the numbers of the exercises in the same chapter, the nearest first.

    Empty if the course has no such chapter.

    >>> nearest("99.1")
    []
    """
    match = re.search(r"\.(\d{1,6})", number) if isinstance(number, str) else None
    wanted = int(match[1]) if match else 0
    chapter = _chapter(number)
    positions = [position for position, _ in _files(chapter)]
    positions.sort(key=lambda position: abs(position - wanted))
    return [f"{chapter}.{position}" for position in positions]


def _chapter(number):
    """The chapter that `number` names, an int; None if it names none."""
    match = re.match(r"(\d+)\b", number) if isinstance(number, str) else None
    return int(match[1]) if match and int(match[1]) in chapters() else None


def _files(chapter):
    """Pairs of position and module of a chapter's exercises, in order."""
    if chapter is None:
        return []
    return _numbered(f"{PACKAGE}.chapter_{chapter:02d}", r"e(\d+)_\w+")


@functools.cache
def _numbered(package, pattern):
    """Pairs of number and full name of the modules in a package that are so named."""
    folder = importlib.import_module(package).__path__
    names = [module.name for module in pkgutil.iter_modules(folder)]
    matches = filter(None, (re.fullmatch(pattern, name) for name in names))
    return sorted((int(match[1]), f"{package}.{match[0]}") for match in matches)


def _load(chapter, position, name):
    """The exercise in a module. Raises `ValueError` if it bears another number."""
    exercise = importlib.import_module(name).EXERCISE
    if exercise.number != f"{chapter}.{position}":
        raise ValueError(
            f"number = {exercise.number!r} in {name}; allowed is "
            f'"{chapter}.{position}", as the file is named: change one of the two'
        )
    return exercise
