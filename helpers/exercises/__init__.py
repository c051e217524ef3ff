"""Exercises that say which mistake an answer shows, and a record of what is solved.

With this package one can
- check an answer and read one line or a short block about it (check),
- see which exercises of the course are solved (progress),
- get the same judgement as an object, without printing (verdict),
- write an exercise, its solution and its known wrong variants (Exercise, Mistake).

Exercise 6.4 is in `chapter_06/e4_<title>.py`, or in a folder of that name.
"""

from helpers.exercises import judge, report
from helpers.exercises.catalogue import find, nearest
from helpers.exercises.exercise import Exercise, Mistake, Verdict, call
from helpers.exercises.printed import say
from helpers.exercises.progress import remember
from helpers.exercises.progress_table import ProgressTable

__all__ = [
    "Exercise",
    "Mistake",
    "ProgressTable",
    "Verdict",
    "call",
    "check",
    "progress",
    "verdict",
]


def check(number, answer):
    """Check an answer to exercise `number` and print what was found.

    Prints one line or a short block, whatever the answer does, and raises nothing for
    it: an answer that takes more than 5 seconds is stopped. A right answer is
    remembered for `progress`.

    Args:
        number: text such as "1.3".
        answer: the function, class or value that the exercise asks for.

    >>> check("99.1", None)
    There is no exercise 99.1: the course has no chapter 99.
    """
    exercise = find(number)
    if exercise is None:
        say(report.unknown(number, nearest(number)))
        return
    found = judge.judge(exercise, answer)
    say(found.text)
    if found.status == "correct":
        note = remember(exercise.number)
        if note:
            say(report.block(exercise.number, note))


def verdict(number, answer):
    """Judge an answer to exercise `number` without printing or remembering it.

    Returns a `Verdict`. Raises `LookupError` if there is no such exercise.

    Args:
        number: text such as "1.3".
        answer: the function, class or value that the exercise asks for.

    >>> verdict("99.1", None)
    Traceback (most recent call last):
    ...
    LookupError: There is no exercise 99.1: the course has no chapter 99.
    """
    exercise = find(number)
    if exercise is None:
        raise LookupError(report.unknown(number, nearest(number)))
    return judge.judge(exercise, answer)


def progress():  # after the import of the module `progress`, whose name it takes
    """Show which exercises of the course are solved, one row a chapter.

    Returns a `ProgressTable`, which a notebook shows as a table. It reads the folder
    that `check` writes: `.progress` in the project, or the one that the environment
    variable COURSE_PROGRESS names.

    >>> type(progress()).__name__
    'ProgressTable'
    """
    return ProgressTable.from_record()
