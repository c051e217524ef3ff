"""Ctrl-C, or a notebook's stop button, that waits for the end of a step."""

import signal
import threading


class Interruption:
    """Inside of a `with` block a first SIGINT is only noted; a second one ends at once.

    In another thread than the main one there are no signals, so nothing is noted.
    """

    def __init__(self):
        self.is_asked = False
        self._before = None

    def __enter__(self):
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and callable(signal.getsignal(signal.SIGINT)):
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, number, frame):
        """Note the first; hand a second one on."""
        if self.is_asked:
            self._before(number, frame)
        self.is_asked = True

    def __exit__(self, *exception):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
