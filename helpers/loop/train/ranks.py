"""One number for all ranks that train one model together."""

import torch
from torch import distributed

from helpers.loop.train.batches import device_of


def mean_over_ranks(number: float, model) -> float:
    """The mean of a number over the ranks; as it is where a model is trained alone.

    Args:
        number: what this rank found, such as its loss.
        model: trained together if it has `no_sync`, as those have that average their
            gradients: `helpers.parallel.DataParallel` and torch's.

    >>> mean_over_ranks(0.5, torch.nn.Linear(1, 1))
    0.5
    """
    is_started = distributed.is_available() and distributed.is_initialized()
    if not is_started or not hasattr(model, "no_sync"):
        return number
    total = torch.tensor(number, dtype=torch.float64, device=device_of(model))
    distributed.all_reduce(total)
    return total.item() / distributed.get_world_size()
