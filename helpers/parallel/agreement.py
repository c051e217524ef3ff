"""Do all ranks have the same arrays? Asked once, before any number is sent."""

import torch.distributed as dist

from helpers.parallel.errors import ParallelError
from helpers.parallel.waiting import waiting_for

PARTS = ("name", "shape", "dtype")


def check_alike(named, what):
    """Refuse ranks whose arrays differ in number, names, shapes or dtypes.

    All ranks must call it; each of them raises.

    Args:
        named: pairs of a name and an array.
        what (str): what the arrays are, as the message names them.

    Raises:
        ParallelError: it names the first difference from rank 0.
    """
    mine = [(name, tuple(a.shape), str(a.dtype)) for name, a in named]
    everyone = [None] * dist.get_world_size()
    with waiting_for(f"the comparison of all ranks' {what}"):
        dist.all_gather_object(everyone, mine)
    for rank, other in enumerate(everyone):
        difference = _difference(rank, other, everyone[0], what)
        if difference:
            raise ParallelError(
                f"{difference}; allowed are the same {what} on every rank: build them "
                "by the same code, with the same options, before anything is loaded"
            )


def _difference(rank, other, first, what):
    """The first difference of a rank's arrays from those of rank 0, or None."""
    if len(other) != len(first):
        return f"rank {rank} has {len(other)} {what} and rank 0 has {len(first)}"
    for one, zero in zip(other, first, strict=True):
        for part, mine, theirs in zip(PARTS, one, zero, strict=True):
            if mine != theirs:
                return (
                    f"{part} of {one[0]!r} is {mine} on rank {rank}, and {theirs} on "
                    f"rank 0 ({zero[0]!r})"
                )
    return None
