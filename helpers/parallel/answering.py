"""A thread that answers, when a rank has lost another, what this rank is doing.

A rank that waits for its neighbour can't know which of many others the neighbour waits
for. So each has a thread that looks once a second whether anybody asks; a process that
was killed doesn't answer.
"""

import threading

import torch.distributed as dist

PAUSE = 1.0  # seconds between two looks
ASKED = "helpers.parallel asked"
ELSEWHERE = "runs, and waits for none of them"

_waits_for = []  # what this process waits for, the innermost last


class Answering:
    """Answers for this process while a `with` block runs.

    Args:
        store: the one that all ranks share.
        rank (int): which one this is.
    """

    def __init__(self, store, rank):
        self.store, self.rank = store, rank
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._ended.set()
        self._thread.join()

    def _look(self):
        """Look again and again, answer once."""
        while not self._ended.wait(PAUSE):
            try:
                if self.store.check([ASKED]):
                    answer(self.store, self.rank)
                    return
            except dist.DistError:
                return  # the store is gone: this rank's own collective will say so


def answer(store, rank):
    """Write into the store what this rank waits for."""
    store.set(key_of(rank), f"waits for {_waits_for[-1]}" if _waits_for else ELSEWHERE)


def key_of(rank):
    """Where in the store a rank answers."""
    return f"helpers.parallel answer {rank}"


def note(what):
    """Note that this process waits for something, until `forget`."""
    _waits_for.append(what)


def forget():
    """Note that it waits no longer."""
    _waits_for.pop()
