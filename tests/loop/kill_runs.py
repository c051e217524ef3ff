"""Kill training runs at random instants, resume each, and tell how they ended.

    python -m tests.loop.kill_runs COUNT FOLDER [SEED]

It prints one line of JSON: the end of the run that nobody killed, the ends of the
killed ones, and what each kill had left on the disk. torch is imported once: each run
is a process forked from this one, and each is killed by SIGKILL.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import torch

from helpers.loop.checkpoint import CheckpointFile, CheckpointFolder
from tests.loop.training_runs import new_run, train

KINDS = ("ours", "seeded", "global")


def start(folder, kind, place):
    """Start a run in a process of its own; its last act is to write how it ended."""
    child = os.fork()
    if child:
        return child
    failed = 1
    try:
        result = train(new_run(kind), place(folder / "run"), progress=False)
        (folder / "ended").write_text(result)
        failed = 0
    finally:
        os._exit(failed)


def end(folder, kind, place):
    """Run to the end; how it ended, and the seconds it took."""
    folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    os.waitpid(start(folder, kind, place), 0)
    return (folder / "ended").read_text(), time.perf_counter() - begun


def kill(folder, kind, place, seconds):
    """Kill a run after so many seconds; say what was left, or None if it had ended."""
    folder.mkdir()
    child = start(folder, kind, place)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return None
    if list(folder.rglob("*.part")):
        return "while writing"
    is_saved = place(folder / "run").newest()
    return "between two writes" if is_saved else "before the first"


def main(count, folder, seed=0):
    """Kill `count` runs, each once, and resume them."""
    torch.set_num_threads(1)
    for kind in KINDS:  # what torch imports at first use is here then
        train(new_run(kind), folder / f"warm {kind}")
    instants = random.Random(seed)
    whole = {k: end(folder / k, k, CheckpointFile) for k in KINDS}
    left, ends, trial = Counter(), [], 0
    while left.total() < count:
        kind, trial = KINDS[trial % 3], trial + 1
        place = (CheckpointFile, CheckpointFolder)[trial % 2]
        expected, seconds = whole[kind]
        here = folder / f"{trial}"
        found = kill(here, kind, place, instants.uniform(0, seconds))
        if found is None:
            continue
        left[found] += 1
        ends.append([kind, end(here, kind, place)[0] == expected])
    print(json.dumps({"left": left, "same": sum(ok for _, ok in ends), "ends": ends}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
