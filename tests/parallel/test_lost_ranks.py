"""A rank that is killed, hangs or leaves is noticed and named; the run goes on."""

import functools
import os
import signal
import time
from pathlib import Path

import pytest

from helpers.parallel import DataParallel
from tests.parallel.models import TINY, loss_of, network, part, samples
from tests.parallel.ranks import TIMEOUT, needs_fork, ranks_of, scenario
from tests.parallel.resumable import train_on

pytestmark = needs_fork


def lost_ranks(folder):
    """All ends of this file, by name, from one process."""
    folder = Path(folder)
    ends = {
        "whole": ranks_of(2, train_to(folder / "whole.ckpt"), folder / "whole"),
        "killed": ranks_of(2, train_to(folder / "run.ckpt", 1), folder / "killed"),
        "resumed": ranks_of(2, train_to(folder / "run.ckpt"), folder / "resumed"),
        "of four": ranks_of(4, train_to(folder / "four.ckpt", 2), folder / "four"),
        "hangs": ranks_of(2, hang(folder / "hangs"), folder / "hangs", timeout=1.0),
        "store": ranks_of(2, end_with_the_store, folder / "store", tcp=True),
    }
    assert (folder / "run.ckpt").exists()
    return ends


def train_to(path, lost=None):
    """A run that goes on from a checkpoint; one rank may be killed on the way."""

    def work(here):
        return train_on(here, path, functools.partial(kill_in_backward, lost, here))

    return work


def kill_in_backward(lost, here, steps, model):
    """Kill a rank in the middle of its sixth backward pass."""
    if here.rank == lost and steps == 5:
        model.module[0].weight.register_hook(
            lambda gradient: os.kill(os.getpid(), signal.SIGKILL)
        )


def hang(folder):
    """The second of two ranks takes no part in the second backward pass."""

    def work(here):
        model = DataParallel(network(), **TINY)
        loss_of(model, *part(here, *samples(8))).backward()
        if here.rank == 0:
            loss_of(model, *part(here, *samples(8))).backward()
        wait_for(folder / "0.json")

    return work


def wait_for(path, seconds=20):
    """Wait until a file is there."""
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)


def end_with_the_store(here):
    """Rank 0, which holds the store, is killed while rank 1 waits."""
    model = DataParallel(network())
    if here.rank == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    loss_of(model, *part(here, *samples(8))).backward()


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    """How each rank of each group ended."""
    return scenario(__file__, "lost_ranks", tmp_path_factory.mktemp("lost"))


def test_a_killed_rank_is_named(ends):
    survivor, lost = ends["killed"]
    assert lost["signal"] == signal.SIGKILL
    assert "ParallelError: rank 0 waited for bucket 0 of 1" in survivor["error"]
    assert "No answer from rank 1: ended, or hangs" in survivor["error"]
    assert "last checkpoint" in survivor["error"]
    assert survivor["seconds"] < TIMEOUT


def test_the_run_goes_on_to_the_same_bits(ends):
    results = [[each["result"] for each in ends[name]] for name in ("whole", "resumed")]
    assert results[0] == results[1]
    assert results[0][0] != results[0][1]  # the ranks draw numbers of their own


def test_all_that_are_left_name_the_same_rank(ends):
    for rank in (0, 1, 3):
        error = ends["of four"][rank]["error"]
        assert "No answer from rank 2: ended, or hangs" in error
        for other in (0, 1, 3):
            assert f"rank {other} waits for bucket 0 of 1" in error
        assert ends["of four"][rank]["seconds"] < TIMEOUT


def test_a_rank_that_hangs_is_named_after_the_timeout(ends):
    waiting, hanging = ends["hangs"]
    assert "ParallelError: rank 0 waited for bucket 0 of 3 (0.000" in waiting["error"]
    cause = waiting["error"].partition("The above exception")[0].lower()
    assert "timed out" in cause or "timeout" in cause  # in the words of the backend
    assert "rank 1 runs, and waits for none of them; rank 0 waits" in waiting["error"]
    assert 1.0 < waiting["seconds"] < 15.0
    assert "error" not in hanging


def test_a_store_that_is_gone_is_said(ends):
    assert "The store can't be reached either" in ends["store"][1]["error"]
    assert ends["store"][1]["seconds"] < TIMEOUT
