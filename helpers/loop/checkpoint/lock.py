"""One file, one run: a lock that the system lets go when its process ends or is killed.

Beside the checkpoint lies `<name>.lock`, with the id of the process that holds it, or
held it last.
"""

import os
from contextlib import contextmanager

from helpers.loop.checkpoint.errors import CheckpointError, told

_ours = set()  # what this process holds: locks of one process let each other in

if os.name == "nt":
    import msvcrt

    def _claim(file):
        """Lock a byte far behind the text, or raise `OSError` if it is locked."""
        file.seek(1000)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _claim(file):
        """Lock the file, not for children, or raise `OSError` if it is locked."""
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(path):
    """Hold the checkpoint `path` for this process while the block runs.

    Raises:
        CheckpointError: another process holds it.
        OSError: its folder is gone, full, or not to be written.
    """
    key = (os.getpid(), path.resolve())
    if key in _ours:
        yield
        return
    with told(path):
        file = open(path.with_name(path.name + ".lock"), "a+")
    with file:
        _lock(path, file)
        _ours.add(key)
        try:
            yield
        finally:
            _ours.remove(key)


def _lock(path, file):
    """Lock the file and write who holds it, or say who does."""
    try:
        _claim(file)
    except (BlockingIOError, PermissionError) as error:
        file.seek(0)
        raise CheckpointError(
            f"path = {path} is in use by the process {file.read().strip()}; allowed is "
            "one run for one checkpoint: wait until it ends, or name another file"
        ) from error
    with told(path):
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
