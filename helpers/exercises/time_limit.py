"""Run a function with a time limit, and stop it when the time is over.

With this module one can
- run a function for at most so many seconds (run_within),
- tell the exception that stops it from all others (Stop),
- look at an object whose methods may raise (guarded).

The function runs in a thread. Python can put an exception into a thread that runs
Python code, on every operating system. It cannot stop a thread that waits inside C,
nor one whose loops catch everything at each level. What our own code imports is
imported before the clock starts: `judge` tries the worked solution first.
"""

import contextvars
import ctypes
import threading
import time

GRACE = 2.0  # seconds in which a worker must end once it is told to
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
    raises `KeyboardInterrupt` here.

    Args:
        seconds: the time limit, more than 0.
        function: takes no arguments; what it gives is not kept.

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
        """Wait until the function ends, in short steps so that Ctrl-C gets through."""
        end = time.monotonic() + seconds
        while not self.done.is_set() and (left := end - time.monotonic()) > 0:
            self.done.wait(min(left, PAUSE))

    def stop(self):
        """Send Stop until the thread ends, one at a time.

        An `except:` in a loop swallows a Stop that arrives inside its `try`, so there
        are many; sooner or later one arrives between two turns.
        """
        end = time.monotonic() + GRACE
        while not self.done.is_set() and time.monotonic() < end:
            with self.lock:
                if not self.done.is_set():
                    _send_stop(self.ident)
            self.done.wait(BETWEEN_STOPS)


def guarded(function, *arguments, otherwise):
    """Give `function(*arguments)`, or `otherwise` if it raises anything but `Stop`.

    For questions to an object of the learner's, in a worker only: there no Ctrl-C is
    swallowed.

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
