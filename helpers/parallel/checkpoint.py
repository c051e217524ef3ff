"""Checkpoints of a run on many machines: one file, for any number of ranks.

Rank 0 writes what `helpers.loop.checkpoint` writes for one process. Beside it stands
what is each rank's own: its random states, and its position in its data.
"""

import warnings

import torch.distributed as dist

from helpers.loop.checkpoint import CheckpointError, CheckpointFile, Loaded
from helpers.loop.checkpoint.random_states import random_states, set_random_states
from helpers.parallel.waiting import waiting_for

OTHER_COUNT = (
    "path = {} was saved by {} ranks and is loaded by {}: the random states, and the "
    "positions in the data, stay as they are here. Model, optimizer and scheduler go "
    "on; start at the beginning of an epoch"
)


def save(
    path, *, model=None, optimizer=None, scheduler=None, scaler=None, loader=None,
    epoch=0, extra=None,
):  # fmt: skip
    """Save a run in one file, which rank 0 writes; all ranks must call it.

    Args:
        path (str or Path): the file, which all ranks can read when they go on.
        model: a `DataParallel`, or the module in it; or a list or dict of several, as
            are `optimizer`, `scheduler`, `scaler`.
        optimizer: a `ShardedOptimizer`, whose state is gathered, or any other.
        loader: this rank's `ResumableLoader`. Default: None.
        epoch (int): how many epochs are complete. Default: 0.
        extra: tensors and plain values of your own, of rank 0. Default: None.

    The random states of every rank are saved too.

    Raises:
        ParallelError: a rank doesn't call it.
        OSError: on rank 0, and `CheckpointError` there and elsewhere: it couldn't be
            written; the old file is whole.

    Chapter 15 builds it.

    >>> import tempfile
    >>> from helpers.parallel import start
    >>> with start(), tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/run.ckpt", epoch=3)
    ...     load(f"{folder}/run.ckpt").epoch
    3
    """
    parts = dict(model=model, optimizer=optimizer, scheduler=scheduler, scaler=scaler)
    save_in(CheckpointFile(path), loader, epoch, extra, parts)


def save_in(place, loader, epoch, extra, parts):
    """Save a run in a `CheckpointFile` or `CheckpointFolder`: what `save` does."""
    for each in _listed(parts["optimizer"]):
        if hasattr(each, "consolidate_state_dict"):
            each.consolidate_state_dict(to=0)
    own = {"random": random_states(), "loader": _state_of(loader)}
    ranks = [None] * dist.get_world_size() if dist.get_rank() == 0 else None
    with waiting_for("the random states of all ranks"):
        dist.gather_object(own, ranks, dst=0)
    content = {"extra": extra, "ranks": ranks}
    on_rank_0(
        lambda: place.save(epoch=epoch, extra=content, **parts),
        f"save {place.path}",
    )


def load(
    path, *, model=None, optimizer=None, scheduler=None, scaler=None, loader=None,
):  # fmt: skip
    """Give a saved run back to parts that were made alike; all ranks must call it.

    Make all of them first, then load. With the number of ranks that saved it, the run
    goes on to the same bits; with another, each rank takes its new share of the
    optimizer's state, and a warning says what can't go on.

    Args:
        path (str or Path): the file.
        model: as in `save`; so are `optimizer`, `scheduler`, `scaler` and `loader`.

    Returns:
        Loaded: the epoch, and `extra`.

    Raises:
        FileNotFoundError: there is no such file.
        CheckpointError: as `helpers.loop.checkpoint.load`; or one process saved it,
            without `save` of this module.

    Chapter 15 builds it.
    """
    parts = dict(model=model, optimizer=optimizer, scheduler=scheduler, scaler=scaler)
    return load_from(CheckpointFile(path), loader, parts)


def load_from(place, loader, parts):
    """Give a run back from a `CheckpointFile` or `CheckpointFolder`, as `load` does."""
    path = place.path
    epoch, content = place.load(random=False, **parts)
    if not isinstance(content, dict) or "ranks" not in content:
        raise CheckpointError(
            f"path = {path} was saved by one process by itself; allowed is what "
            "helpers.parallel.save wrote: load it with helpers.loop.checkpoint.load, "
            "on every rank"
        )
    ranks, size = content["ranks"], dist.get_world_size()
    if len(ranks) == size:
        _take_own(path, ranks[dist.get_rank()], loader)
    else:
        warnings.warn(OTHER_COUNT.format(path, len(ranks), size), stacklevel=3)
    return Loaded(epoch, content["extra"])


def _listed(given):
    """One part, several in a list or a dict, or none, as a list."""
    if isinstance(given, dict):
        return list(given.values())
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _state_of(loader):
    """What a loader saves, or None."""
    return None if loader is None else loader.state_dict()


def _take_own(path, own, loader):
    """Give this rank back what was its own."""
    if loader is not None:
        if own["loader"] is None:
            raise CheckpointError(
                f"path = {path} was saved without a loader, and one asked for; allowed "
                "is what was saved: leave loader out"
            )
        loader.load_state_dict(own["loader"])
    set_random_states(own["random"])


def on_rank_0(work, words):
    """Let rank 0 work with the files, and have all ranks know how that ended.

    Args:
        work: called on rank 0 alone.
        words (str): what it does, as an error names it: "save run.ckpt".

    Returns what it returned there, on every rank.

    Raises:
        OSError: on rank 0, and `CheckpointError` there and elsewhere: it failed.
    """
    result = failure = None
    if dist.get_rank() == 0:
        try:
            result = work()
        except (OSError, CheckpointError) as error:
            failure = error
    said = [result, failure and str(failure)]
    with waiting_for(f"rank 0 to {words}"):
        dist.broadcast_object_list(said, 0)
    if failure:
        raise failure
    if said[1]:
        raise CheckpointError(f"rank 0 could not {words}: {said[1]}")
    return said[0]
