"""Wait for the other ranks, and say which of them are lost.

Nothing is sent while all goes well. Once a collective fails or times out, this rank
asks all others through the store what they wait for; who doesn't answer is lost.
"""

import re
import time
from contextlib import contextmanager

import torch.distributed as dist
from torch.distributed.distributed_c10d import _get_default_store

from helpers.parallel.answering import ASKED, ELSEWHERE, answer, forget, key_of, note
from helpers.parallel.errors import ParallelError

GRACE = 3.0  # seconds in which the others may answer, who look once a second
PAUSE = 0.02


@contextmanager
def waiting_for(what):
    """Turn a collective's failure inside of the block into a `ParallelError`.

    Args:
        what (str): what this rank waits for, as the message names it.
    """
    note(what)
    try:
        yield
    except RuntimeError as error:
        raise ParallelError(_in_words(what, error)) from error
    finally:
        forget()


def _in_words(what, error):
    """What this rank waited for, what became of the others, and what to do."""
    return (
        f"rank {dist.get_rank()} waited for {what} and it didn't end: {_said(error)}. "
        f"{_of_the_others()}. Allowed are ranks that make the same calls in the same "
        "order, each within the timeout: look at the first error of the ranks named "
        "here, then start all of them again from the last checkpoint"
    )


def _said(error):
    """What the backend says, without its own place in a file and its advice."""
    line = str(error).strip().splitlines()[0]
    return re.sub(r"^\[\S*\] ", "", line).partition(". This is typically")[0]


def _of_the_others():
    """Which ranks are lost, and what the others wait for."""
    try:
        answers = _answers()
    except dist.DistError:
        return "The store can't be reached either: the process that holds it has ended"
    lost = [rank for rank in range(dist.get_world_size()) if rank not in answers]
    ranks = ", ".join(map(str, lost))
    no_answer = f"No answer from rank {ranks}: ended, or hangs. " if lost else ""
    elsewhere = [rank for rank in answers if answers[rank] == ELSEWHERE]
    words = {rank: answers[rank] for rank in [*elsewhere, *answers]}
    return no_answer + "; ".join(f"rank {rank} {words[rank]}" for rank in words)


def _answers():
    """What each rank says that it does, by rank, of those that answer in time."""
    store, size = _get_default_store(), dist.get_world_size()
    answer(store, dist.get_rank())
    store.set(ASKED, "yes")
    answers, until = {}, time.monotonic() + GRACE
    while len(answers) < size and time.monotonic() < until:
        for rank in range(size):
            if rank not in answers and store.check([key_of(rank)]):
                answers[rank] = store.get(key_of(rank)).decode()
        time.sleep(PAUSE)
    return answers
