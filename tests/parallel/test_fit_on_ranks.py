"""`fit` on real processes: one exchange a step, and one checkpoint for all ranks."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from helpers import optim
from helpers.data import loader
from helpers.devices import seed_everything
from helpers.loop.checkpoint import CheckpointError, CheckpointFolder, file_format
from helpers.loop.checkpoint.lock import held
from helpers.loop.train import fit
from helpers.parallel import DataParallel, ShardedOptimizer
from helpers.parallel.bucket import Bucket
from tests.parallel.models import TINY, close, network, numbers, part, same, samples
from tests.parallel.ranks import on_ranks
from tests.parallel.test_parallel_checkpoint import shared_path

MSE = nn.MSELoss()


@on_ranks(2, 4)
def test_micro_batches_are_exchanged_once_a_step(here):
    """Five batches by two make three steps; each sends three buckets."""
    batches = [samples(8, seed) for seed in range(5)]
    whole = network()
    options = dict(lr=0.1, momentum=0.9)
    optimizer = torch.optim.SGD(whole.parameters(), **options)
    fit(whole, batches, MSE, optimizer, accumulate=2, progress=False)
    parts = [part(here, *each) for each in batches]
    sent, launch = [], Bucket.launch
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bucket, "launch", lambda b: [sent.append(b.words), launch(b)])
        model = DataParallel(network(seed=here.rank), **TINY)
        optimizer = torch.optim.SGD(model.parameters(), **options)
        fit(model, parts, MSE, optimizer, accumulate=2, progress=False)
    assert len(sent) == 3 * 3
    close(numbers(model), numbers(whole))
    theirs = DistributedDataParallel(network())
    optimizer = torch.optim.SGD(theirs.parameters(), **options)
    fit(theirs, parts, MSE, optimizer, accumulate=2, progress=False)
    close(numbers(theirs), numbers(whole))


class Stop:
    """Ends a run after some steps."""

    def __init__(self, steps):
        self.steps = steps

    def after_step(self, run):
        if run.steps == self.steps:
            run.stop()


def trained(here, checkpoint, stop=None):
    """A run of four steps an epoch with dropout and a shuffled order on each rank."""
    seed_everything(7)
    module = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.3), nn.Linear(8, 3))
    model = DataParallel(module.double())
    optimizer = ShardedOptimizer(model.parameters(), optim.AdamW, lr=0.01)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
    seed_everything(here.rank)
    batches = loader(*samples(16, here.rank), batch_size=4, seed=here.rank)
    history = fit(
        model, batches, MSE, optimizer, 3, scheduler, checkpoint=checkpoint,
        callbacks=[Stop(stop)] if stop else (), progress=False,
    )  # fmt: skip
    return model, history


def writers(here, run):
    """Whether this rank wrote a checkpoint during `run()`, and what that returned."""
    written, write = [], file_format.write
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            file_format, "write", lambda *given: [written.append(1), write(*given)]
        )
        result = run()
    assert bool(written) == (here.rank == 0)
    return result


@on_ranks(2)
def test_rank_0_writes_and_all_go_on_to_the_same_bits(here):
    straight, _ = trained(here, None)
    path = shared_path(here, "run.ckpt")
    writers(here, lambda: trained(here, path, stop=6))
    assert path.exists()
    resumed, history = writers(here, lambda: trained(here, path))
    same(numbers(resumed), numbers(straight))
    assert len(history.loss) == 3


@on_ranks(2)
def test_a_folder_keeps_the_last_ones_of_all_ranks(here):
    straight, _ = trained(here, None)
    folder = shared_path(here, "runs")
    trained(here, CheckpointFolder(folder, keep=2), stop=9)
    names = [path.name for path in CheckpointFolder(folder).paths()]
    assert names == ["00000002.ckpt", "00000003.ckpt"]
    resumed, _ = trained(here, CheckpointFolder(folder, keep=2))
    same(numbers(resumed), numbers(straight))


@on_ranks(2)
def test_a_file_that_another_run_holds_is_told_on_all_ranks(here):
    path = shared_path(here, "run.ckpt")
    if here.rank == 1:
        with held(path):
            torch.distributed.barrier()
            with pytest.raises(CheckpointError, match="could not hold .* in use"):
                trained(here, path)
    else:
        torch.distributed.barrier()
        with pytest.raises(CheckpointError, match="is in use by the process"):
            trained(here, path)
    torch.distributed.barrier()


@on_ranks(2)
def test_a_checkpoint_that_each_rank_would_write_is_refused(here):
    path = shared_path(here, "run.ckpt")
    for model in (DistributedDataParallel(network()), network()):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        before = copy.deepcopy(numbers(model))
        with pytest.raises(ValueError, match="came on 2 ranks .* each would write it"):
            fit(model, [samples(4)], MSE, optimizer, checkpoint=path, progress=False)
        same(numbers(model), before)
    assert not path.exists()
