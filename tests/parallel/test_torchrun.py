"""The same script, started by torchrun as two processes and by Python as one."""

import json
import os
import signal
import subprocess
import sys

import torch

from tests.parallel.models import close
from tests.parallel.ranks import ROOT

SCRIPT = ["-m", "tests.parallel.torchrun_script"]
TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]


def run(*words):
    """Run Python to its end; nothing that it starts outlives it."""
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=os.name == "posix",
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=180)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, printed


def test_torchrun_starts_two_and_python_one(tmp_path):
    for name, words in (("two", TORCHRUN + SCRIPT), ("one", SCRIPT)):
        (tmp_path / name).mkdir()
        run(*words, str(tmp_path / name))
    said = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("*/*.json"))]
    assert [each[:2] for each in said] == [[0, 1], [0, 2], [1, 2]]
    one, *two = [torch.tensor(each[3], dtype=torch.float64) for each in said]
    for each in two:
        close(each, one)
