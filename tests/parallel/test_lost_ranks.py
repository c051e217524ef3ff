"""A rank that is killed, hangs or leaves is noticed and named; the run goes on."""

import functools
import os
import signal
import time
from pathlib import Path

import torch

from helpers.parallel import DataParallel
from tests.parallel.models import TINY, loss_of, network, part, samples
from tests.parallel.ranks import TIMEOUT, needs_fork, ranks_of, scenario
from tests.parallel.resumable import train_on

FIFTH = 5


def kill_in_backward(lost, here, steps, model):
    """Kill a rank in its fifth backward pass, when all but one layer has been sent."""
    if here.rank == lost and steps == FIFTH:
        model.module[0].weight.register_hook(
            lambda gradient: os.kill(os.getpid(), signal.SIGKILL)
        )


def killed_and_resumed(folder, size, lost):
    """A run that nobody kills, one with a rank killed, and how that goes on."""
    folder, size, lost = Path(folder), int(size), int(lost)

    def whole(here):
        return train_on(here, folder / "whole.ckpt")

    def killed(here):
        kill = functools.partial(kill_in_backward, lost, here)
        return train_on(here, folder / "run.ckpt", kill)

    def resumed(here):
        return train_on(here, folder / "run.ckpt")

    works = whole, killed, resumed
    return [ranks_of(size, work, folder / work.__name__) for work in works]


@needs_fork
def test_a_killed_rank_is_named_and_the_run_goes_on_to_the_same_bits(tmp_path):
    found = scenario(__file__, "killed_and_resumed", tmp_path, 2, 1)
    whole, killed, resumed = found
    survivor, lost = killed
    assert lost["signal"] == signal.SIGKILL
    assert "ParallelError: rank 0 waited for bucket 0 of 1" in survivor["error"]
    assert "No answer from rank 1: ended, or hangs" in survivor["error"]
    assert "last checkpoint" in survivor["error"]
    assert survivor["seconds"] < TIMEOUT
    assert [each["result"] for each in resumed] == [each["result"] for each in whole]


@needs_fork
def test_all_that_are_left_name_the_same_rank(tmp_path):
    _, killed, _ = scenario(__file__, "killed_and_resumed", tmp_path, 4, 2)
    for rank, each in enumerate(killed):
        if rank != 2:
            assert "No answer from rank 2: ended, or hangs" in each["error"]
            for other in {0, 1, 3}:
                assert f"rank {other} waits for bucket 0 of 1" in each["error"]
            assert each["seconds"] < TIMEOUT


def one_hangs(folder):
    """The second of two ranks takes no part in the second backward pass."""

    def work(here):
        model = DataParallel(network(), **TINY)
        loss_of(model, *part(here, *samples(8))).backward()
        if here.rank == 1:
            wait_for(Path(folder) / "0.json")
            return None
        return loss_of(model, *part(here, *samples(8))).backward()

    return ranks_of(2, work, folder, timeout=1.0)


def wait_for(path, seconds=20):
    """Wait until a file is there."""
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)


@needs_fork
def test_a_rank_that_hangs_is_named_after_the_timeout(tmp_path):
    waiting, hanging = scenario(__file__, "one_hangs", tmp_path)
    assert "ParallelError: rank 0 waited for bucket 0 of 3 (0.000" in waiting["error"]
    assert "Timed out waiting 1000ms" in waiting["error"]
    assert "rank 1 runs, and waits for none of them; rank 0 waits" in waiting["error"]
    assert 1.0 < waiting["seconds"] < 10.0
    assert hanging["result"] is None


def host_of_the_store_ends(folder):
    """Rank 0, which holds the store, is killed while rank 1 waits."""

    def work(here):
        model = DataParallel(network())
        if here.rank == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return loss_of(model, *part(here, *samples(8))).backward()

    return ranks_of(2, work, folder, tcp=True)


@needs_fork
def test_a_store_that_is_gone_is_said(tmp_path):
    _, left = scenario(__file__, "host_of_the_store_ends", tmp_path)
    assert "The store can't be reached either" in left["error"]
    assert left["seconds"] < TIMEOUT
