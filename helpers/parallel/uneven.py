"""Batches of different sizes: losses that weigh right, and ranks that end together."""

import torch
import torch.distributed as dist

from helpers.parallel.process_group import group_device
from helpers.parallel.waiting import waiting_for


def loss_weights(counts):
    """How this rank's mean losses weigh, so that all ranks' samples count alike.

    The mean over ranks of the mean over a rank's samples gives the samples of a short
    batch too much weight: with 10 and 2, five times as much. Multiply each loss by its
    weight before `backward()`; the averaged gradient is then that of one batch of all
    samples. What is counted may be tokens as well, or targets that aren't ignored.

    Args:
        counts (list): the samples of each micro-batch of this rank before the next
            step; none for a rank without data. All ranks must call it.

    Returns a list of floats, one for each count.

    Raises:
        ValueError: no rank has a sample.
        ParallelError: a rank doesn't call it.

    Chapter 15 builds it.

    >>> from helpers.parallel import start
    >>> with start():
    ...     loss_weights([6, 2])
    [0.75, 0.25]
    """
    total = _sum_over_ranks(sum(counts), "the number of samples")
    if total <= 0:
        raise ValueError(
            f"counts = {list(counts)} here, and {total} on all ranks; allowed is one "
            "sample or more on one of them: leave this step out"
        )
    return [count * dist.get_world_size() / total for count in counts]


def until_all_end(batches):
    """Walk through this rank's batches until those of every rank have ended.

    Args:
        batches: an iterable, such as a loader. All ranks must walk on to the end.

    Yields:
        The batches; then None, as often as another rank still has one: call `sit_out()`
        on the wrapper, and `loss_weights([])` if the others ask for their weights.

    Raises:
        ParallelError: a rank stopped on the way.

    Chapter 15 builds it.

    >>> from helpers.parallel import start
    >>> with start():
    ...     list(until_all_end("ab"))
    ['a', 'b']
    """
    rest = iter(batches)
    while True:
        batch = next(rest, None)
        if not _sum_over_ranks(int(batch is not None), "another batch"):
            return
        yield batch


def _sum_over_ranks(number, what):
    """An integer of each rank, added up."""
    total = torch.tensor(number, dtype=torch.int64, device=group_device())
    with waiting_for(what):
        dist.all_reduce(total)
    return total.item()
