"""What torchrun starts in test_torchrun.py: a short training run on each rank.

torchrun --standalone --nproc-per-node 2 -m tests.parallel.torchrun_script FOLDER
"""

import json
import sys
from pathlib import Path

import torch

from helpers import optim
from helpers.loop.train import fit
from helpers.parallel import DataParallel, ShardedOptimizer, start
from tests.parallel.models import network, numbers, part, samples


def main(folder):
    """Train by `fit`, and write what this rank ended with."""
    with start(timeout=60) as here:
        model = DataParallel(network(seed=here.rank))
        optimizer = ShardedOptimizer(model.parameters(), optim.AdamW, lr=0.01)
        batches = [part(here, *samples(16, seed)) for seed in range(3)]
        mse = torch.nn.MSELoss()
        fit(model, batches, mse, optimizer, 2, clip_norm=0.1, progress=False)
        said = [*here[:2], here.device.type, numbers(model).tolist()]
        (Path(folder) / f"{here.rank}.json").write_text(json.dumps(said))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1])
