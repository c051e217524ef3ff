"""One installation at a time, also when two commands start together.

With this module one can: hold a lock while changing `.venv` (`Lock`), and hand it on to
a child process, so that a child that outlives its killed parent still holds it.

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import os
import time

if os.name == "nt":
    import msvcrt
else:
    import fcntl


class Lock:
    """A lock on a file, freed by the system when its last holder ends.

    Args:
        path: a file in a folder that exists; it is created and never removed.
        waiting: called once, without arguments, when somebody else holds the lock.

    >>> import tempfile
    >>> with Lock(os.path.join(tempfile.mkdtemp(), "lock")) as lock:
    ...     lock.held
    True
    """

    def __init__(self, path, waiting=lambda: None):
        self.path = str(path)
        self.waiting = waiting
        self.descriptor = None

    @property
    def held(self):
        """Whether this object holds the lock."""
        return self.descriptor is not None

    @property
    def handed_on(self):
        """Arguments for `subprocess` that let the child hold the lock too."""
        return {} if os.name == "nt" else {"pass_fds": (self.descriptor,)}

    def __enter__(self):
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT)
        if not take(descriptor):
            self.waiting()
            while not take(descriptor):
                time.sleep(0.2)
        self.descriptor = descriptor
        return self

    def __exit__(self, *exception):
        os.close(self.descriptor)
        self.descriptor = None


def take(descriptor):
    """Try to lock an open file: True when it is ours, False when another has it."""
    try:
        if os.name == "nt":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
