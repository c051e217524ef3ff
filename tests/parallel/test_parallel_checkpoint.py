"""Checkpoints of many ranks: to the same bits, and with another number of ranks."""

import random
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers import optim
from helpers.loop import checkpoint
from helpers.loop.checkpoint import CheckpointError, ResumableLoader
from helpers.parallel import DataParallel, ShardedOptimizer, load, save
from tests.parallel.models import close, network, numbers, part, same, samples, train
from tests.parallel.ranks import needs_fork, on_ranks, ranks_of, scenario

SIZES = (4, 2, 1)
BATCHES = [samples(16, seed) for seed in range(3)]


def resharded(folder):
    """A run that goes on with 4, then 2 ranks, then 1; what each had and ended with."""
    path = Path(folder) / "run.ckpt"

    def work(here):
        model = DataParallel(network(seed=here.rank))
        rate = 0.5 if path.exists() else 0.01  # that of the file counts
        optimizer = ShardedOptimizer(model.parameters(), optim.AdamW, lr=rate)
        scheduler = optim.lr_scheduler.StepLR(optimizer, 2)
        parts = dict(model=model, optimizer=optimizer, scheduler=scheduler)
        loaded = None
        if path.exists():
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                load(path, **parts)
            optimizer.consolidate_state_dict()
            is_same = here.rank == 0 and same_as_saved(path, optimizer)
            loaded = [is_same, [str(each.message) for each in told]]
        for batch in BATCHES:
            train(model, optimizer, [part(here, *batch)])
            scheduler.step()
        save(path, **parts)
        elements = sum(each["exp_avg"].numel() for each in optimizer.state.values())
        return [loaded, elements, numbers(model).tolist()]

    return [ranks_of(size, work, Path(folder) / str(size)) for size in SIZES]


def same_as_saved(path, optimizer):
    """Whether the gathered state is that of the file, to the bit."""
    saved = checkpoint.file_format.read(path)["optimizer"][""]["state"]
    same(optimizer.state_dict()["state"], saved["state"])
    return optimizer.state_dict()["param_groups"] == saved["param_groups"]


@needs_fork
def test_a_run_goes_on_with_4_then_2_ranks_then_1(tmp_path):
    whole = network()
    optimizer = optim.AdamW(whole.parameters(), lr=0.01)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 2)
    ends = scenario(__file__, "resharded", tmp_path)
    for size, ranks in zip(SIZES, ends, strict=True):
        for batch in BATCHES:
            train(whole, optimizer, [batch])
            scheduler.step()
        assert len(ranks) == size
        for rank, each in enumerate(ranks):
            loaded, elements, found = each["result"]
            close(torch.tensor(found, dtype=torch.float64), numbers(whole))
            if size < 4:
                is_same, [told] = loaded
                assert is_same == (rank == 0)
                assert f"saved by {2 * size} ranks and is loaded by {size}" in told
        assert sum(each["result"][1] for each in ranks) == 139
    one = optim.AdamW(whole.parameters())
    checkpoint.load(tmp_path / "run.ckpt", model=whole, optimizer=one, random=False)
    close(numbers(whole), torch.tensor(found, dtype=torch.float64))
    assert one.state[next(whole.parameters())]["step"] == 9


def shared_path(here, name):
    """A path in the folder of this group, the same on all ranks."""
    said = [tempfile.mkdtemp() if here.rank == 0 else None]
    torch.distributed.broadcast_object_list(said, 0)
    return Path(said[0]) / name


def draws():
    """The next random numbers of all generators."""
    return [random.random(), float(np.random.rand()), torch.rand(3).tolist()]


@on_ranks(2)
def test_each_rank_gets_back_its_random_states_and_its_place_in_the_data(here):
    path = shared_path(here, "run.ckpt")
    torch.manual_seed(here.rank)
    random.seed(here.rank)
    np.random.seed(here.rank)
    batches = ResumableLoader([here.rank * 10 + i for i in range(4)])
    walk = batches.rest()
    given = [next(walk) for _ in range(2 + here.rank)]
    save(path, loader=batches, epoch=3, extra={"best": here.rank})
    expected = draws(), list(walk)
    draws()
    again = ResumableLoader([here.rank * 10 + i for i in range(4)])
    assert load(path, loader=again) == (3, {"best": 0})
    assert (draws(), list(again)) == expected
    assert len(given) + len(expected[1]) == 4


@on_ranks(2)
def test_a_file_that_can_not_be_written_is_told_on_all_ranks(here):
    path = Path("/nowhere/at/all/run.ckpt")
    kind = OSError if here.rank == 0 else CheckpointError
    with pytest.raises(kind, match="No such file|rank 0 could not save .*No such"):
        save(path, epoch=1)
    with pytest.raises(FileNotFoundError):
        load(path)
    unsaved = shared_path(here, "run.ckpt")
    with pytest.raises(CheckpointError, match="extra"):
        save(unsaved, extra=object())
    assert not unsaved.exists()


@on_ranks(2)
def test_a_file_of_one_process_is_told(here):
    path = shared_path(here, f"{here.rank}.ckpt")
    checkpoint.save(path, model=network())
    with pytest.raises(CheckpointError, match="load it with helpers.loop.checkpoint"):
        load(path)
    save(path := shared_path(here, "run.ckpt"), epoch=1)
    with pytest.raises(CheckpointError, match="without a loader"):
        load(path, loader=ResumableLoader([1]))


@on_ranks(2)
def test_several_parts_are_saved_together(here):
    path = shared_path(here, "gan.ckpt")
    models = [DataParallel(network(seed)) for seed in (1, 2)]
    optimizers = {
        "sharded": ShardedOptimizer(models[0].parameters(), optim.Adam, lr=0.1),
        "plain": optim.Adam(models[1].parameters(), lr=0.1),
    }
    for model, optimizer in zip(models, optimizers.values(), strict=True):
        train(model, optimizer, [part(here, *each) for each in BATCHES])
    save(path, model=models, optimizer=optimizers)
    before = [numbers(each) for each in models]
    for model, optimizer in zip(models, optimizers.values(), strict=True):
        train(model, optimizer, [part(here, *each) for each in BATCHES])
    after = [numbers(each) for each in models]
    load(path, model=models, optimizer=optimizers)
    same([numbers(each) for each in models], before)
    for model, optimizer in zip(models, optimizers.values(), strict=True):
        train(model, optimizer, [part(here, *each) for each in BATCHES])
    same([numbers(each) for each in models], after)
