"""Fills `.venv` with the course's packages and shows that something is going on.

With this module one can: make an empty environment (`make_empty`), run pip in it
(`install`), and remove it (`remove`). What pip says is kept in a log; what goes wrong
becomes a `Trouble` with one sentence.

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import os
import shutil
import subprocess
import sys
import threading
import time

from tools.trouble import Trouble, diagnose

HEARTBEAT = 30  # seconds between two signs of life where there is no terminal


def say(text):
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def remove(folder):
    """Remove an environment, whatever stands in its place.

    Args:
        folder: a path; nothing happens if there is nothing.

    Raises: Trouble if a part of it cannot be removed.
    """
    try:
        if os.path.islink(folder) or os.path.isfile(folder):
            os.remove(folder)
        elif os.path.isdir(folder):
            shutil.rmtree(folder)
    except OSError as error:
        raise Trouble(
            f"{folder} cannot be removed ({error.strerror}).\nClose what uses it "
            "(JupyterLab, a terminal), then type the same command again."
        )


def make_empty(folder, python, log):
    """Make an empty environment in `folder` (which may exist) with this Python."""
    with open(log, "w", encoding="utf-8") as output:
        command = [python, "-m", "venv", folder]
        code = subprocess.call(command, stdout=output, stderr=subprocess.STDOUT)
    if code:
        fail(code, log)


def install(python, root, log, lock):
    """Install requirements.txt of `root` with pip, the one that `python` has.

    Args:
        log: the file that gets all that pip says.
        lock: the `Lock` that pip holds as well while it runs.

    Raises: Trouble if pip fails.
    """
    command = [python, "-m", "pip", "install", "--no-input", "--log", log]
    command += ["-r", "requirements.txt"]
    terminal = sys.stdout.isatty()
    settings = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    open(log, "w").close()
    pip = subprocess.Popen(
        command + ([] if terminal else ["--quiet"]),
        cwd=root,
        env=settings,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **lock.handed_on,
    )
    code = watch(pip, log, 0 if terminal else HEARTBEAT)
    if code:
        fail(code, log)


def watch(pip, log, heartbeat):
    """Wait for pip; give a sign of life every `heartbeat` seconds (0: never).

    What pip complains of goes to the log's end. Returns pip's exit code.
    """
    reader = threading.Thread(target=collect, args=(pip.stderr, log))
    reader.start()
    start = last = time.time()
    try:
        while pip.poll() is None:
            time.sleep(0.1)
            if heartbeat and time.time() - last >= heartbeat:
                last = time.time()
                say(f"  ... still installing ({last - start:.0f} s)")
    except KeyboardInterrupt:
        pip.terminate()
        pip.wait()
        raise
    reader.join()
    return pip.returncode


def collect(stream, log):
    """Append what comes from `stream` to the log; announce the first retry."""
    announced = False
    with open(log, "a", encoding="utf-8") as output:
        for raw in stream:
            line = raw.decode("utf-8", "replace")
            output.write(line)
            if "Retrying" in line and not announced:
                announced = True
                say("  The package index does not answer; trying again ...")


def fail(code, log):
    """Raise the Trouble that explains a failed command by its log."""
    with open(log, encoding="utf-8", errors="replace") as lines:
        text = lines.read()
    if code < 0 and "rror" not in text:
        cause = f"The installation was stopped from outside (signal {-code})"
    else:
        cause = diagnose(text)
    raise Trouble(
        f"{cause},\nthen type the same command again. "
        f"All that pip said is in {os.path.relpath(log)}."
    )
