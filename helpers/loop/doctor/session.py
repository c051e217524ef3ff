"""The one watch of this process."""

import sys

from helpers.loop.doctor.diagnosis import diagnose
from helpers.loop.doctor.sentences import as_text, nothing_in
from helpers.loop.doctor.watcher import Watch

_watch = None


class Report(list):
    """The findings of a report, which was printed already."""

    def _ipython_display_(self):
        """Show nothing more in a notebook."""


def begin():
    """Begin a new watch."""
    global _watch
    end()
    _watch = Watch()
    _watch.begin()


def end():
    """End the watch, if there is one; what it saw stays."""
    if _watch is not None:
        _watch.end()


def findings():
    """What the watch has found up to now."""
    return diagnose(_watch.evidence) if _watch is not None else []


def in_words(found):
    """The report on findings of this watch."""
    return as_text(found, nothing_in(_watch and _watch.evidence))


def report():
    """Print the findings, and return them."""
    if _watch is None:
        raise RuntimeError(
            "report() was called, but no loop is being watched; call "
            "doctor.watch() before the model is made, then run the loop"
        )
    found = Report(findings())
    sys.stdout.write(in_words(found))
    return found


def note_error(error):
    """Keep an error that ended the loop as evidence."""
    if _watch is not None:
        _watch.note_error(error)
