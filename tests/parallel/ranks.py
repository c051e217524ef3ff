"""Real processes for tests: ranks of a gloo group, forked from one that has torch.

With this module one can
- have a test's body run on 2 or 4 ranks at once (on_ranks),
- run a scenario that forks groups itself (scenario, ranks_of).

Starting Python and torch costs seconds, so a test file does it once for all its
checks: `python -m tests.parallel.ranks FILE FUNCTION FOLDER` imports them, forks the
ranks, and writes what became of each. A check that fails ends its group. Nothing
outlives the call: each group has a time limit, and all processes are in a session that
is killed at last.
"""

import functools
import importlib
import inspect
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest
import torch
import torch._dynamo  # optimizers import it: once here, not in each rank
import torch.distributed as dist

from helpers.parallel import start

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 30.0  # seconds for a collective
LIMIT = 90.0  # seconds for a group of processes
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


def on_ranks(*sizes):
    """Run a test's body, which takes a `Here`, on so many ranks: 2 and 4, say."""

    def decorate(body):
        @needs_fork
        @pytest.mark.parametrize("size", sizes)
        def test(size, request):
            outcomes = _outcomes(request.path)[str(size)]
            texts = outcomes.get(body.__name__, [])
            failed = [text for text in texts if text != "ok"]
            assert not failed, "\n".join(failed)
            assert len(texts) == size, f"not run on all ranks: {outcomes['ended']}"

        test.__name__, test.body, test.sizes = body.__name__, body, sizes
        return test

    return decorate


@functools.cache
def _outcomes(path):
    """What became of each check of a file, by number of ranks: a text a rank."""
    with tempfile.TemporaryDirectory() as folder:
        return scenario(path, "_all_checks", folder)


def scenario(path, function, *words):
    """Call a function of a test file in a process of its own; give what it returns.

    Args:
        path (Path): the test file.
        function (str): its name there; it is handed the words, each as text.
        words: what it needs.
    """
    command = [sys.executable, "-m", "tests.parallel.ranks", Path(path).stem, function]
    command += map(str, words)
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        printed, complaints = process.communicate(timeout=3 * LIMIT)
    finally:
        _kill_session(process)
    assert process.returncode == 0, complaints
    return json.loads(printed.splitlines()[-1])


def _kill_session(process):
    """End all that is left of a process and of those it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing is left
    process.wait()


def ranks_of(size, work, folder, timeout=TIMEOUT, tcp=False):
    """Fork ranks that each call `work(here)`; what each returned, or how it ended.

    They meet in a file or, with `tcp`, at a free port of rank 0.

    Returns a list with a dict for each rank: "result", or "error" with a traceback, or
    "signal"; and "seconds".
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    meet = _tcp_store if tcp else _file_store
    children = [_fork(rank, size, work, folder, timeout, meet) for rank in range(size)]
    left, ends = dict(enumerate(children)), {}
    while left and time.monotonic() < begun + LIMIT:
        for rank, child in list(left.items()):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                del left[rank]
                ends[rank] = status, time.monotonic() - begun
        time.sleep(0.01)
    for rank, child in left.items():
        os.kill(child, signal.SIGKILL)
        ends[rank] = os.waitpid(child, 0)[1], LIMIT
    return [_end(folder / f"{rank}.json", *ends[rank]) for rank in range(size)]


def _end(path, status, seconds):
    """How a rank ended."""
    said = json.loads(path.read_text()) if path.exists() else {}
    if os.WIFSIGNALED(status):
        said["signal"] = os.WTERMSIG(status)
    return said | {"seconds": seconds}


def _file_store(rank, size, folder):
    """Where ranks meet: in a file."""
    return dist.FileStore(str(folder / "store"), size)


def _tcp_store(rank, size, folder):
    """Where ranks meet: at rank 0, which chooses a free port and writes it down."""
    file, part = folder / "port", folder / "port.part"
    if rank == 0:
        store = dist.TCPStore("127.0.0.1", 0, size, True, wait_for_workers=False)
        part.write_text(str(store.port))
        part.rename(file)
        return store
    while not file.exists():
        time.sleep(0.01)
    return dist.TCPStore("127.0.0.1", int(file.read_text()), size, False)


def _fork(rank, size, work, folder, timeout, meet):
    """Start a rank; its last act is to write how it ended."""
    child = os.fork()
    if child:
        return child
    said = {}
    try:
        store = meet(rank, size, folder)
        with start(timeout=timeout, store=store, rank=rank, size=size) as here:
            said["result"] = work(here)
    except BaseException:
        said["error"] = traceback.format_exc()
    part = folder / f"{rank}.part"
    part.write_text(json.dumps(said))
    part.rename(folder / f"{rank}.json")
    os._exit(0)


def _all_checks(tests, size, folder):
    """Run the bodies of all tests for that size in one group; texts by test."""
    bodies = [test.body for test in tests if size in test.sizes]

    def work(here):
        for body in bodies:
            torch.manual_seed(0)
            text = "ok"
            try:
                body(here)
            except BaseException:
                text = f"rank {here.rank}: {traceback.format_exc()}"
            with open(folder / f"said {here.rank}", "a") as file:
                file.write(json.dumps([body.__name__, text]) + "\n")
            if text != "ok":
                return

    ended = ranks_of(size, work, folder)
    found = {}
    for rank in range(size):
        path = folder / f"said {rank}"
        for line in path.read_text().splitlines() if path.exists() else []:
            name, text = json.loads(line)
            found.setdefault(name, []).append(text)
    failed = [name for name, texts in found.items() if set(texts) != {"ok"}]
    return found | {"ended": [f"{failed} failed before", *ended]}


def main(name, function, *words):
    """Import a test file and call a function of it, or all its checks."""
    torch.set_num_threads(1)
    module = importlib.import_module(f"tests.parallel.{name}")
    if function != "_all_checks":
        print(json.dumps(getattr(module, function)(*words)))
        return
    tests = [each for _, each in inspect.getmembers(module) if hasattr(each, "body")]
    sizes = sorted({size for test in tests for size in test.sizes})
    found = {n: _all_checks(tests, n, Path(words[0]) / str(n)) for n in sizes}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
