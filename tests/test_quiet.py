"""A test that measures time waits for the others, and they wait for it."""

import threading
import time
import uuid

import pytest

from tools.pytest_quiet import Turns


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """The turns of two workers of one run."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run = uuid.uuid4().hex
    return Turns(run, "gw0", 2), Turns(run, "gw1", 2)


def in_turn(turns, log, name):
    """A thread that runs one test of a worker and logs when it ran."""

    def run():
        with turns.hold(turns.own):
            log.append(name)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_nobody_else_runs_in_the_quiet(workers):
    measuring, other = workers
    log = []
    with measuring.hold(measuring.own):
        with measuring.quiet():
            thread = in_turn(other, log, "other")
            time.sleep(0.1)
            log.append("measured")
        thread.join(5)
    assert log == ["measured", "other"]


def test_quiet_waits_for_the_test_that_runs(workers):
    measuring, other = workers
    log = []

    def measure():
        with measuring.hold(measuring.own), measuring.quiet():
            log.append("measured")

    with other.hold(other.own):
        thread = threading.Thread(target=measure, daemon=True)
        thread.start()
        time.sleep(0.1)
        log.append("ran")
    thread.join(5)
    assert log == ["ran", "measured"]


def test_two_that_measure_take_turns(workers):
    inside, most = [], []

    def measure(turns):
        with turns.hold(turns.own), turns.quiet():
            inside.append(turns.own)
            most.append(len(inside))
            time.sleep(0.05)
            inside.remove(turns.own)

    threads = [threading.Thread(target=measure, args=[turns]) for turns in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1, 1]


def test_turns_are_free_again_after_a_failure(workers):
    measuring, other = workers
    with pytest.raises(ZeroDivisionError), measuring.hold(measuring.own):
        with measuring.quiet():
            raise ZeroDivisionError
    with other.hold(other.own):
        assert [path.name for path in other.folder.iterdir()] == [other.own]
