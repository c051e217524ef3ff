"""Run a function with a time limit, and stop it when the time is over.

With this module one can
- run a function for at most so many seconds (run_within),
- tell the exception that stops it from all others (Stop),
- look at an object whose methods may raise (guarded).

The function runs in a thread. Python can put an exception into a thread that runs
Python code, on every operating system. It cannot stop a thread that waits inside C,
nor one whose loops catch everything at each level.
"""

import contextvars
import ctypes
import importlib._bootstrap
import sys
import threading
import time

IMPORT_MACHINERY = importlib._bootstrap._find_and_load.__code__.co_filename
GRACE = 2.0  # seconds in which a worker must end once it is told to
IMPORT_GRACE = 60.0  # seconds that an import gets to come to its end
PAUSE = 0.02  # seconds between two looks at the worker
BETWEEN_STOPS = 0.003  # seconds; long enough for a worker to end after the first


class Stop(BaseException):
    """Put into a worker's thread to end it; no `except Exception` catches it.

    >>> issubclass(Stop, Exception)
    False
    """


def run_within(seconds, function):
    """Run `function()` in a thread of its own for at most `seconds` seconds.

    Returns "finished"; "stopped" if the time was over and it could be ended; "running"
    if it could not. Raises what the function raises. Ctrl-C ends the worker, then
    raises `KeyboardInterrupt` here. Used by every check.

    >>> run_within(5.0, lambda: None)
    'finished'
    """
    worker = _Worker(function)
    worker.start()
    try:
        worker.wait(seconds)
    finally:
        ended_by_itself = worker.done.is_set()
        worker.stop()
    if worker.error is not None:
        raise worker.error
    if ended_by_itself:
        return "finished"
    return "stopped" if worker.done.is_set() else "running"


class _Worker(threading.Thread):
    """A thread that can be told to stop.

    Waiting is for the event `done`: a Ctrl-C during `Thread.join` makes Python 3.11 and
    older take a running thread for an ended one.
    """

    def __init__(self, function):
        super().__init__(daemon=True)
        self.function = function
        self.context = contextvars.copy_context()
        self.done = threading.Event()
        self.error = None
        self.lock = threading.Lock()

    def run(self):
        try:
            self._work()
            self._finish()
        except Stop:  # it came after the work, or before it could be told so
            self._finish()

    def _work(self):
        try:
            self.context.run(self.function)
        except Stop:
            pass
        except BaseException as error:
            self.error = error

    def _finish(self):
        """Say that no Stop is needed any more, and take one that is on its way."""
        try:
            with self.lock:
                self.done.set()
            _nothing()
        except Stop:
            self.done.set()

    def wait(self, seconds):
        """Wait until the function ends, in short steps so that Ctrl-C gets through.

        What an import takes does not count: the first use of a library is no loop.
        """
        last = time.monotonic()
        last_at_most = last + seconds + IMPORT_GRACE
        while seconds > 0 and last < last_at_most and not self.done.wait(PAUSE):
            now = time.monotonic()
            if not self._is_importing():
                seconds -= now - last
            last = now

    def stop(self):
        """Send Stop until the thread ends, one at a time.

        An `except:` in a loop swallows a Stop that arrives inside its `try`, so there
        are many; sooner or later one arrives between two turns. None is sent into an
        import: it would leave half a module behind for the rest of the session.
        """
        self._wait_for_import()
        end = time.monotonic() + GRACE
        while not self.done.is_set() and time.monotonic() < end:
            with self.lock:
                if not self.done.is_set() and not self._is_importing():
                    _send_stop(self.ident)
            self.done.wait(BETWEEN_STOPS)

    def _wait_for_import(self):
        end = time.monotonic() + IMPORT_GRACE
        while self._is_importing() and time.monotonic() < end:
            self.done.wait(PAUSE)

    def _is_importing(self):
        """Tell whether a module is being imported anywhere up the thread's calls."""
        frame = sys._current_frames().get(self.ident)
        while frame is not None:
            if frame.f_code.co_filename == IMPORT_MACHINERY:
                return True
            frame = frame.f_back
        return False


def guarded(function, *arguments, otherwise):
    """Give `function(*arguments)`, or `otherwise` if it raises anything but `Stop`.

    For questions to an object of the learner's, in a worker only: there no Ctrl-C is
    swallowed. Used by every check.

    >>> guarded(len, 3, otherwise=0)
    0
    """
    try:
        return function(*arguments)
    except Stop:
        raise
    except BaseException:
        return otherwise


def _send_stop(thread):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(Stop)
    )


def _nothing():
    """A call: the moment at which Python delivers what was put into a thread."""
