"""A pytest plugin: one test may have the machine for itself while it measures time.

Under pytest-xdist other workers run other tests at the same time. In the block of the
fixture `quiet` they do not: they finish the test they are in, and wait.

    with quiet():
        ...  # measure here

Each worker holds a turn of its own during each test, as a folder that only one can
make; who measures takes the turns of all the others.
"""

import contextlib
import tempfile
import time
from pathlib import Path

import pytest

LONGEST_WAIT = 300  # seconds; a worker that crashed never gives its turn back
TURNS = pytest.StashKey()


class Turns:
    """The turns of all workers; `own` is this worker's, `others` the rest."""

    def __init__(self, run: str, worker: str, workers: int):
        self.folder = Path(tempfile.gettempdir()) / f"turns-{run}"
        self.folder.mkdir(exist_ok=True)
        self.own = worker
        names = (f"gw{count}" for count in range(workers))
        self.others = [name for name in names if name != worker]

    @contextlib.contextmanager
    def hold(self, name: str):
        """Hold the turn with this name, as soon as nobody else does."""
        self.take(name)
        try:
            yield
        finally:
            self.give_back(name)

    def take(self, name: str):
        """Wait for a turn, and take it; after five minutes it counts as forgotten."""
        latest = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < latest:
            try:
                return (self.folder / name).mkdir(parents=True)
            except FileExistsError:
                time.sleep(0.02)

    def give_back(self, name: str):
        """Let the next one have this turn."""
        with contextlib.suppress(FileNotFoundError):
            (self.folder / name).rmdir()

    @contextlib.contextmanager
    def quiet(self):
        """Hold all turns but the own, which another one who measures may need."""
        self.give_back(self.own)
        try:
            with contextlib.ExitStack() as stack:
                for name in ("quiet", *self.others):
                    stack.enter_context(self.hold(name))
                yield
        finally:
            self.take(self.own)


def pytest_configure(config):
    """Know the other workers, if there are any."""
    worker = getattr(config, "workerinput", None)
    if worker and worker["workercount"] > 1:
        names = worker["testrunuid"], worker["workerid"], worker["workercount"]
        config.stash[TURNS] = Turns(*names)


def pytest_unconfigure(config):
    """Remove the folder of turns; the last worker finds it empty."""
    turns = config.stash.get(TURNS, None)
    if turns:
        with contextlib.suppress(OSError):
            turns.folder.rmdir()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Run each test in this worker's turn."""
    turns = item.config.stash.get(TURNS, None)
    if turns is None:
        return (yield)
    with turns.hold(turns.own):
        return (yield)


@pytest.fixture(scope="session")
def quiet(pytestconfig):
    """A context manager in which no other worker runs a test."""
    turns = pytestconfig.stash.get(TURNS, None)
    return turns.quiet if turns else contextlib.nullcontext
