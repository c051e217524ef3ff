"""The same script, started by torchrun as two processes and by Python as one."""

import json
import os
import signal
import subprocess
import sys

import torch

from tests.parallel import torchrun_script
from tests.parallel.models import close
from tests.parallel.ranks import ROOT, needs_fork

pytestmark = needs_fork

TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
SCRIPT = ["-m", "tests.parallel.torchrun_script"]


def run_by_torchrun(folder):
    """Run the script to its end; nothing that is started outlives it."""
    process = subprocess.Popen(
        [sys.executable, *TORCHRUN, *SCRIPT, str(folder)], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=180)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, printed


def test_torchrun_starts_two_and_python_one(tmp_path, one_thread):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    run_by_torchrun(tmp_path / "two")
    torchrun_script.main(tmp_path / "one")
    said = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("*/*.json"))]
    assert [each[:2] for each in said] == [[0, 1], [0, 2], [1, 2]]
    one, *two = [torch.tensor(each[3], dtype=torch.float64) for each in said]
    for each in two:
        close(each, one)
