"""A small file that remembers which exercises are solved.

With this module one can
- remember a solved exercise (remember),
- read which ones are solved (solved),
- ask where the file is (path).

The file is `.progress.json` in the project, or the one that the environment variable
COURSE_PROGRESS names. A missing, broken or read-only file stops nobody: this kernel
keeps what it has seen.
"""

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

LOCK_SECONDS = 2.0  # how long a lock may be held before it counts as left behind

_here = set()  # solved in this kernel, whatever becomes of the file
_told = set()  # notes that were given already


def path():
    """Give the path of the file, which may not exist yet.

    >>> path().suffix
    '.json'
    """
    named = os.environ.get("COURSE_PROGRESS")
    project = Path(__file__).resolve().parents[2]
    return Path(named).expanduser() if named else project / ".progress.json"


def solved():
    """Give the numbers of the exercises that are solved, as a set of text.

    What cannot be read counts as empty. Used by `progress`.

    >>> isinstance(solved(), set)
    True
    """
    return _read()[0] | _here


def remember(number):
    """Write down that exercise `number` is solved; return a note, or None.

    The note is a sentence about a file that cannot be read or written; each is given
    once. Used by `check`.
    """
    _here.add(number)
    try:
        with _locked():
            return _once(_write_with(number))
    except OSError:
        return _once(
            f"({path().name} cannot be written: solved exercises are remembered until "
            "the kernel stops.)"
        )


def _write_with(number):
    """Add the number to what the file holds now; put a broken file aside."""
    stored, readable = _read()
    note = None
    if not readable:
        copy = path().with_name(path().name + ".broken")
        os.replace(path(), copy)
        note = f"({path().name} was not readable; it is kept as {copy.name}.)"
    if number not in stored:
        _replace(sorted(stored | _here))
    return note


def _read():
    """What the file holds, as a set, and whether it could be understood."""
    try:
        numbers = json.loads(path().read_text(encoding="utf-8"))["solved"]
        return {number for number in numbers if isinstance(number, str)}, True
    except FileNotFoundError:
        return set(), True
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return set(), False


def _replace(numbers):
    """Write a new file and put it in the old one's place in one step."""
    draft = path().with_name(f"{path().name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps({"solved": numbers}, indent=1), encoding="utf-8")
        os.replace(draft, path())
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _locked():
    """Hold the file's lock, so that two notebooks write one after the other."""
    lock = path().with_name(path().name + ".lock")
    _take(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take(lock):
    """Make the lock file; one that stays longer than LOCK_SECONDS is taken over."""
    end = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < end:
        try:
            return lock.touch(exist_ok=False)
        except FileExistsError:
            time.sleep(0.01)
    lock.touch()


def _once(note):
    if note is None or note in _told:
        return None
    _told.add(note)
    return note
