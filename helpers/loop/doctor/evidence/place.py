"""Which line of the user's own files a call comes from."""

import os
import sys
import sysconfig
from functools import cache

from torch.utils import _contextlib

HELPERS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
LIBRARIES = tuple(
    os.path.realpath(path) + os.sep
    for path in {
        *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
        os.path.dirname(os.__file__),
        HELPERS,
    }
)


@cache
def is_users(file):
    """Whether a file holds code of the user: no library's, and not Python's own."""
    if file.startswith("<"):
        return file.startswith("<ipython-input") or file == "<stdin>"
    return not os.path.realpath(file).startswith(LIBRARIES)


def here(frame=None):
    """The (file, line) of the innermost frame that runs the user's code, or None."""
    frame = frame or sys._getframe(1)
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None


def decorated(place, frame=None):
    """The place of `@torch.no_grad()` above the function that runs; else `place`."""
    frame = frame or sys._getframe(1)
    while frame.f_back is not None:
        if frame.f_back.f_code.co_filename == _contextlib.__file__:
            code = frame.f_code
            if is_users(code.co_filename):
                return code.co_filename, code.co_firstlineno
        frame = frame.f_back
    return place


def of_error(error):
    """The (file, line) of the user's code in which an error arose, or None."""
    place, trace = None, error.__traceback__
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return place
