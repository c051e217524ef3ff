"""How long all chapters take: executed by nbval, which compares every output."""

import math
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seconds() -> dict[str, int]:
    """The seconds that the chapters take, with the workers of `make test`.

    RuntimeError if one fails: a run that stops early is no measurement.
    """
    start = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "chapters"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"`pytest chapters` failed with status {done.returncode}. What the course "
            "takes is measured when all passes: mend it first. Its end:\n"
            f"{done.stdout[-2000:]}"
        )
    return {"all chapters": math.ceil(time.perf_counter() - start)}
