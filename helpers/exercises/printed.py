"""What an answer prints, on its way to the notebook.

With this module one can let an answer print (printing): its output gets through up to
a limit, ends with a whole line, and the notebook's stream stays open.
"""

import contextlib
import io
import sys

MOST = 20_000  # characters of one answer


class _Forwarder(io.TextIOBase):
    """Hands text on to `stream`, as long as that takes it."""

    def __init__(self, stream):
        self.stream = stream
        self.left = MOST
        self.last = "\n"

    def writable(self):
        return True

    def write(self, text):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if self.left > 0:
            self._hand_on(text[: self.left])
            self.left -= len(text)
            if self.left <= 0:
                self._hand_on("\n(What it prints further is left out.)\n")
        return len(text)

    def flush(self):
        with contextlib.suppress(ValueError, OSError, AttributeError):
            self.stream.flush()

    def end_line(self):
        """Begin a new line, if the last one is not ended."""
        if self.last != "\n":
            self._hand_on("\n")

    def _hand_on(self, text):
        with contextlib.suppress(ValueError, OSError, AttributeError):
            self.stream.write(text)
            self.last = text[-1:] or self.last


@contextlib.contextmanager
def printing():
    """Put a stream between an answer and the notebook's; afterwards take it away.

    >>> with printing():
    ...     print("no end", end="")
    no end
    """
    usual = sys.stdout
    forwarder = sys.stdout = _Forwarder(usual)
    try:
        yield
    finally:
        sys.stdout = usual
        forwarder.end_line()


def say(text):
    """Print a verdict, on the error stream if the usual one is closed.

    >>> say("1.1 · your turn")
    1.1 · your turn
    """
    try:
        print(text)
    except (ValueError, OSError):
        print(text, file=sys.stderr)
