"""The error of a run on many machines."""


class ParallelError(RuntimeError):
    """Ranks that no longer work together: one has ended, waits elsewhere, or differs.

    The message says what this rank waited for, which ranks don't answer, and what to
    do. Chapter 15 kills a rank to see it.
    """
