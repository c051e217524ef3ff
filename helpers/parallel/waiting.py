"""Wait for the other ranks, and say which of them don't answer.

Nothing is sent while all goes well. Once a collective fails or times out, each rank
that is left writes into the store where it stood; who writes nothing is lost.
"""

import re
import time
from contextlib import contextmanager

import torch.distributed as dist
from torch.distributed.distributed_c10d import _get_default_store

from helpers.parallel.errors import ParallelError

GRACE = 3.0  # seconds in which the others may say where they stood
PAUSE = 0.02


@contextmanager
def waiting_for(what):
    """Turn a collective's failure inside of the block into a `ParallelError`.

    Args:
        what (str): what this rank waits for, as the message names it.
    """
    try:
        yield
    except ParallelError:
        raise
    except RuntimeError as error:
        raise ParallelError(_in_words(what, error)) from error


def _in_words(what, error):
    """What this rank waited for, what became of the others, and what to do."""
    return (
        f"rank {dist.get_rank()} waited for {what} and it didn't end: {_said(error)}. "
        f"{_of_the_others(what)}. Allowed are ranks that make the same calls in the "
        "same order, each within the timeout: look at the first error of the ranks "
        "named here, then start all of them again from the last checkpoint"
    )


def _said(error):
    """What the backend says, without its own place in a file and its advice."""
    line = str(error).strip().splitlines()[0]
    return re.sub(r"^\[\S*\] ", "", line).partition(". This is typically")[0]


def _of_the_others(what):
    """Which ranks are lost, and where those that are left stood."""
    try:
        places = _places(what)
    except RuntimeError:  # torch's errors of a store are of this class
        return "The store can't be reached either: the process that holds it has ended"
    lost = [rank for rank in range(dist.get_world_size()) if rank not in places]
    told = "; ".join(f"rank {rank} stood at {places[rank]}" for rank in sorted(places))
    if not lost:
        return f"All ranks answer: {told}"
    ranks = ", ".join(map(str, lost))
    return (
        f"No answer from rank {ranks}, which has ended, hangs, or is elsewhere in the "
        f"program; {told}"
    )


def _places(what):
    """Where each rank stood that says so within the grace, by rank."""
    store = _get_default_store()
    store.set(_key(dist.get_rank()), what)
    places, until = {}, time.monotonic() + GRACE
    while len(places) < dist.get_world_size() and time.monotonic() < until:
        for rank in range(dist.get_world_size()):
            if rank not in places and store.check([_key(rank)]):
                places[rank] = store.get(_key(rank)).decode()
        time.sleep(PAUSE)
    return places


def _key(rank):
    """Where in the store a rank says where it stood."""
    return f"helpers.parallel stood {rank}"
