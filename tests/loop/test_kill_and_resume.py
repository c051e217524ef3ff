"""Runs that are killed at random instants end as if nobody had killed them.

`make test` kills 10, and `make soak` 100: the environment variable KILLS says how many.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.loop.checkpoint import CheckpointFolder
from helpers.loop.checkpoint.file_format import read
from tests.loop.training_runs import new_run, train

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", 10))


pytestmark = pytest.mark.usefixtures("one_thread")


def python(*words):
    """What a Python of its own prints."""
    ended = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_killed_runs_end_at_the_same_bits(tmp_path):
    said = json.loads(python("-m", "tests.loop.kill_runs", str(KILLS), str(tmp_path)))
    print(f"{KILLS} runs killed: {said['left']}")
    assert said["same"] == len(said["ends"]) == KILLS, said["ends"]


class StopAfter:
    """Ends a run after so many steps."""

    def __init__(self, steps):
        self.steps = steps

    def after_step(self, run):
        if run.steps == self.steps:
            run.stop()


@pytest.mark.parametrize("kind", ["ours", "seeded", "global"])
@pytest.mark.parametrize(
    "steps", [1, 6, 9]
)  # the first, an epoch's last, in the middle
def test_a_stopped_run_ends_at_the_same_bits(kind, steps, tmp_path):
    expected = train(new_run(kind), None)
    train(new_run(kind), tmp_path / "run", callbacks=[StopAfter(steps)])
    assert train(new_run(kind), tmp_path / "run") == expected


def test_a_process_of_its_own_ends_at_the_same_bits(tmp_path):
    expected = train(new_run(), None)
    train(new_run(), tmp_path / "run", callbacks=[StopAfter(8)])
    program = (
        "import sys, torch; from tests.loop.training_runs import *; "
        "torch.set_num_threads(1); print(train(new_run(), sys.argv[1]))"
    )
    assert python("-c", program, str(tmp_path / "run")) == expected


@pytest.mark.parametrize("steps", [1, 2, 3])  # of 4 and of 2 batches in turn
def test_accumulated_batches_go_on_at_a_step(steps, tmp_path):
    expected = train(new_run(), None, accumulate=4)
    train(new_run(), tmp_path / "run", accumulate=4, callbacks=[StopAfter(steps)])
    assert train(new_run(), tmp_path / "run", accumulate=4) == expected


@pytest.mark.parametrize("kind", ["ours", "seeded", "global"])
def test_a_run_goes_on_between_two_epochs(kind, tmp_path):
    expected = train(new_run(kind), None)
    train(new_run(kind), tmp_path / "run", epochs=2)
    assert train(new_run(kind), tmp_path / "run") == expected


def test_it_is_saved_each_few_steps_and_after_each_epoch(tmp_path):
    folder = CheckpointFolder(tmp_path / "run", keep=100)
    train(new_run(), folder, save_every=4)
    saved = [read(path) for path in folder.paths()]
    places = [(each["epoch"], each["loader"][""]["position"]) for each in saved]
    assert places == [(0, 4), (1, 0), (1, 2), (1, 6), (2, 0), (2, 4), (3, 0)]


def test_a_run_that_is_complete_only_gives_its_history(tmp_path):
    expected = train(new_run(), tmp_path / "run")
    before = (tmp_path / "run").read_bytes()
    assert train(new_run(), tmp_path / "run") == expected
    assert (tmp_path / "run").read_bytes() == before
