"""Processes of a notebook that work together: `torchrun` for one cell at a time."""

import contextlib
import multiprocessing
import pickle
import tempfile
import time
from pathlib import Path

import torch
import torch.distributed as dist

from helpers.parallel.errors import ParallelError
from helpers.parallel.process_group import start
from helpers.parallel.sent_source import received, sent

PRELOADED = ["torch._dynamo", "helpers.parallel", "helpers.data", "helpers.optim"]
TIMEOUT = 60.0  # seconds that a rank waits for another
LIMIT = 120.0  # seconds for a run
RESULT, KILLED, RAISED, LATE, WAITED = range(5)  # after the result, the likeliest cause


class Team:
    """Some processes on this machine's CPU, which run a function of a notebook.

    Each is a Python of its own, as torchrun starts it, with one thread. They wait
    between runs, and end with the notebook. After a run that failed they are replaced:
    one may wait for what never comes.

    Args:
        size (int): how many there are at most.

    Raises:
        ValueError: a size below 1.

    Chapter 15 uses it.
    """

    def __init__(self, size):
        if size < 1:
            raise ValueError(f"size = {size}; allowed is 1 or more: pass size=2, say")
        self.members = [_Member() for _ in range(size)]

    def run(self, function, *arguments, size=None):
        """Call `function(here, *arguments)` on each rank; give what each returned.

        Args:
            function: of the notebook. It is sent as its source, with the functions and
                classes of the notebook that it names, and with the values.
            arguments: functions of the notebook, and what can be pickled.
            size (int): how many ranks take part. Default: all.

        Returns a list with a result for each rank.

        Raises:
            ParallelError: a rank raised, was killed, or took too long. It says all that
                the ranks say, the likeliest cause first.
            TypeError: something can't be sent.
        """
        members = self.members[: size or len(self.members)]
        parts = [sent(each) for each in (function, *arguments)]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            job = parts, str(Path(folder, "store")), len(members)
            for rank, member in enumerate(members):
                member.begin(pickle.dumps((rank, *job)))
            until = time.monotonic() + LIMIT
            said = [member.end(rank, until) for rank, member in enumerate(members)]
        failures = [each for each in said if each[0] != RESULT]
        if failures:
            for member in members:
                member.stop()
            raise ParallelError("\n".join(text for _, text in sorted(failures)))
        return [result for _, result in said]

    def close(self):
        """End the processes now, not with the notebook."""
        for member in self.members:
            member.stop()


class _Member:
    """One process, and the line to it."""

    def __init__(self):
        self.process = None

    def begin(self, job):
        """Hand it a job; start it, if it isn't there."""
        if self.process is None or not self.process.is_alive():
            self._start()
        self.line.send_bytes(job)

    def _start(self):
        """A new process; where the system can, one that finds torch loaded."""
        methods = multiprocessing.get_all_start_methods()
        method = "forkserver" if "forkserver" in methods else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(PRELOADED)
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def end(self, rank, until):
        """What became of the job: a kind, and a result or a text."""
        try:
            if self.line.poll(max(0.0, until - time.monotonic())):
                return pickle.loads(self.line.recv_bytes())
            said = LATE, f"rank {rank} did not end within {LIMIT:.0f} s"
        except (EOFError, OSError):
            said = KILLED, f"rank {rank} was killed, or ended by itself"
        return said

    def stop(self):
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


def serve(line):
    """Do one job after the other, until the line is cut: a process's whole life."""
    torch.set_num_threads(1)
    with contextlib.suppress(EOFError):
        while True:
            line.send_bytes(pickle.dumps(_outcome(*pickle.loads(line.recv_bytes()))))


def _outcome(rank, parts, store, size):
    """What a job came to: a kind, and a result or a text."""
    try:
        function, *arguments = [received(each) for each in parts]
        store = dist.FileStore(store, size)
        with start(TIMEOUT, store=store, rank=rank, size=size, device="cpu") as here:
            dist.barrier()  # nobody may leave before all have joined
            return RESULT, function(here, *arguments)
    except Exception as error:
        kind = WAITED if isinstance(error, (ParallelError, dist.DistError)) else RAISED
        return kind, f"{type(error).__name__} on rank {rank}: {error}"
