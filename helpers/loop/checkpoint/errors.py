"""Errors of checkpoints, in sentences."""

from contextlib import contextmanager


class CheckpointError(RuntimeError):
    """A checkpoint that can't be used, or that another run uses.

    Raised by `load` and `save`: the message says what was found, what is allowed, and
    what to do. Chapter 10 meets its kinds.
    """


@contextmanager
def told(path):
    """Say of an `OSError` which checkpoint it hit, what that means, and what to do."""
    try:
        yield
    except OSError as error:
        raise OSError(
            error.errno,
            f"path = {path}: {error.strerror}; allowed is a file in a folder that is "
            "there, may be written, and has room. Nothing was lost: "
            f"{_what_is_there(path)}. Mend the folder or name another, then save again",
        ) from error


def _what_is_there(path):
    """What a failed save has left, in words."""
    try:
        there = path.exists()
    except OSError:  # its folder can't even be read
        there = False
    return "the last checkpoint is whole" if there else "no checkpoint was there yet"
