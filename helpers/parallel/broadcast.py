"""Copy arrays from one rank to all others, a few large messages at a time."""

import torch
import torch.distributed as dist

from helpers.parallel.packing import MESSAGE, pack, split_by_size, unpack
from helpers.parallel.waiting import waiting_for


@torch.no_grad()
def broadcast(arrays_by_source, what):
    """Give every rank the arrays of some ranks; all messages are on their way at once.

    Args:
        arrays_by_source (dict): raw arrays by the rank whose numbers they get. All
            ranks have arrays of the same shapes and dtypes there, in the same order.
        what (str): what is sent, for an error.

    Raises:
        ParallelError: it didn't end; the message says who is missing.
    """
    sent = [
        _Message(source, arrays)
        for source, arrays_of_source in arrays_by_source.items()
        for arrays in split_by_size(arrays_of_source, [MESSAGE])
    ]
    for message in sent:
        with waiting_for(f"{what} from rank {message.source}"):
            message.arrive()


class _Message:
    """Arrays of one dtype on their way from one rank to all."""

    def __init__(self, source, arrays):
        self.source, self.arrays = source, arrays
        self.flat = pack(arrays)
        # As bytes: a backend needn't know the dtype.
        self.work = dist.broadcast(self.flat.view(torch.uint8), source, async_op=True)

    def arrive(self):
        """Wait, and take the numbers; the source has them."""
        self.work.wait()
        if dist.get_rank() != self.source:
            unpack(self.flat, self.arrays)
