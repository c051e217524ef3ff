"""Exercises that say which mistake an answer shows, and a record of what is solved.

With this package one can
- check an answer and read one line or a short block about it (check),
- see which exercises of the course are solved (progress),
- get the same judgement as an object, without printing (verdict),
- write an exercise, its solution and its known wrong variants (Exercise, Mistake).

Each chapter_NN module holds the exercises of one chapter.
"""

from helpers.exercises import record, report
from helpers.exercises.catalogue import find, nearest
from helpers.exercises.judging import judge
from helpers.exercises.model import Exercise, Mistake, Verdict, call
from helpers.exercises.table import ProgressTable

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

    `number` is text such as "1.3"; `answer` is the function, class or value that the
    exercise asks for. Prints one line or a short block, whatever the answer does, and
    raises nothing for it: an answer that takes more than 5 seconds is stopped. A right
    answer is remembered for `progress`. Used in every chapter.

    >>> check("99.1", None)
    There is no exercise 99.1: the course has no chapter 99.
    """
    exercise = find(number)
    if exercise is None:
        print(report.unknown(number, nearest(number)))
        return
    found = judge(exercise, answer)
    print(found.text)
    if found.status == "correct":
        note = record.remember(exercise.number)
        if note:
            print(report.block(exercise.number, note))


def verdict(number, answer):
    """Judge an answer to exercise `number` without printing or remembering it.

    `number` and `answer` are as for `check`. Returns a `Verdict`. Raises `LookupError`
    if there is no such exercise. The tests of every chapter use it.

    >>> verdict("99.1", None)
    Traceback (most recent call last):
    ...
    LookupError: There is no exercise 99.1: the course has no chapter 99.
    """
    exercise = find(number)
    if exercise is None:
        raise LookupError(report.unknown(number, nearest(number)))
    return judge(exercise, answer)


def progress():
    """Show which exercises of the course are solved, one row a chapter.

    Returns a `ProgressTable`, which a notebook shows as a table. It reads the file that
    `check` writes: `.progress.json` in the project, or the file that the environment
    variable COURSE_PROGRESS names. Used at the end of every chapter.

    >>> type(progress()).__name__
    'ProgressTable'
    """
    return ProgressTable.from_record()
