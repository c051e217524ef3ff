"""Many machines: one model trained by several processes, which torchrun starts.

With this module one can
- join the other processes (start),
- average gradients while backward is at work (DataParallel),
- keep an n-th of the optimizer's state in each process (ShardedOptimizer),
- give batches of unequal sizes their right weight (loss_weights), and go on while other
  ranks still have some (until_all_end),
- save a run, and go on with any number of ranks (save, load),
- run a notebook's functions on several processes of this machine (Team),
- tell ranks that have lost each other from other troubles (ParallelError).

It takes modules and optimizers of torch's and ours, and stands on `torch.distributed`.
Chapter 15 builds it.
"""

from helpers.parallel.checkpoint import load, save
from helpers.parallel.data_parallel import DataParallel
from helpers.parallel.errors import ParallelError
from helpers.parallel.process_group import Here, start
from helpers.parallel.sharded_optimizer import ShardedOptimizer
from helpers.parallel.team import Team
from helpers.parallel.uneven import loss_weights, until_all_end

__all__ = [
    "DataParallel",
    "Here",
    "ParallelError",
    "ShardedOptimizer",
    "Team",
    "load",
    "loss_weights",
    "save",
    "start",
    "until_all_end",
]
