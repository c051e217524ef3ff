"""Run a function with a time limit, and stop it when the time is over.

With this module one can
- run a function for at most so many seconds (run_within),
- tell the exception that stops it from all others (Stop),
- look at an object whose methods may raise (guarded).

The function runs in a thread. Python can put an exception into a thread that runs
Python code, on every operating system. It cannot stop a thread that waits inside C,
nor one whose loops catch everything at each level. While the function imports
something for the first time, the clock stands still.
"""

import builtins
import contextvars
import ctypes
import threading
import time

MOST_IMPORTS = 60.0  # seconds of imports that are not counted
STACK = 256 * 2**20  # bytes, of which only those are taken that are used
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
    with _ImportClock(worker) as imports:
        _start_with_room(worker)
        try:
            worker.wait(seconds, imports)
        finally:
            ended_by_itself = worker.done.is_set()
            worker.stop()
    if worker.error is not None:
        raise worker.error
    if ended_by_itself:
        return "finished"
    return "stopped" if worker.done.is_set() else "running"


def _start_with_room(worker):
    """Start a worker that a deep recursion ends with an error, not with a crash."""
    try:
        usual = threading.stack_size(STACK)
    except (ValueError, RuntimeError):  # not on this system
        worker.start()
        return
    try:
        worker.start()
    finally:
        threading.stack_size(usual)


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

    def wait(self, seconds, imports):
        """Wait until the function ends, in short steps so that Ctrl-C gets through."""
        end = time.monotonic() + seconds
        while not self.done.is_set():
            left = end + imports.seconds() - time.monotonic()
            if left <= 0:
                break
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


class _ImportClock:
    """Counts the seconds that a worker spends in imports, inner ones with their outer.

    It stands in the place of `__import__`, which an `import` statement calls.
    """

    def __init__(self, worker):
        self.worker = worker
        self.spent = 0.0
        self.since = None

    def __enter__(self):
        self.usual = builtins.__import__
        builtins.__import__ = self._timed
        return self

    def __exit__(self, *error):
        builtins.__import__ = self.usual

    def seconds(self):
        """The seconds so far, the import that is going on included."""
        since = self.since
        running = time.monotonic() - since if since is not None else 0.0
        return min(self.spent + running, MOST_IMPORTS)

    def _timed(self, *arguments, **options):
        within = self.since is not None
        if within or threading.get_ident() != self.worker.ident:
            return self.usual(*arguments, **options)
        self.since = time.monotonic()
        try:
            return self.usual(*arguments, **options)
        finally:
            self.spent += time.monotonic() - self.since
            self.since = None


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
