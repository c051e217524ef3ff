"""Fills `.venv` with the course's packages and shows that something is going on.

With this module one can: make an empty environment (`make_empty`), run pip in it
(`install`), and remove it (`remove`). What pip says is kept in a log; what goes wrong
becomes a `Trouble` with one sentence.

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time

from tools.trouble import Trouble, diagnose

HEARTBEAT = 30  # seconds between two signs of life where there is no terminal
NEEDED = 2e9  # bytes of a whole environment, with PyTorch's CPU build
FULL = 1e6  # a disk with fewer bytes than these is full


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
            f"{folder} cannot be removed ({error.strerror}). Close what uses it "
            "(JupyterLab, a terminal), then type the same command again."
        )


def make_empty(folder, python, log):
    """Make an empty environment in `folder` (which may exist) with this Python."""
    command = [python, "-m", "venv", folder]
    maker = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    )
    said, _ = maker.communicate()
    if maker.returncode:
        write(log, "w", said)
        fail(maker.returncode, said.decode("utf-8", "replace"), log)


def warn_of_little_room(folder):
    """Say so if the packages will hardly fit on the disk of `folder`."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        say(f"  Only {free / 1e9:.1f} GB are free here; about 2 GB are needed.")


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
    write(log, "w", b"")
    pip = subprocess.Popen(
        command + ([] if terminal else ["--quiet", "--progress-bar=off"]),
        cwd=root,
        env=settings,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **lock.handed_on,
    )
    complaints = watch(pip, 0 if terminal else HEARTBEAT)
    write(log, "a", complaints)
    if pip.returncode:
        fail(pip.returncode, complaints.decode("utf-8", "replace"), log)


def watch(pip, heartbeat):
    """Wait for pip; give a sign of life every `heartbeat` seconds (0: never).

    Returns what pip complained of, as bytes.
    """
    complaints = []
    reader = threading.Thread(target=collect, args=(pip.stderr, complaints))
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
    return b"".join(complaints)


def collect(stream, lines):
    """Move the lines of `stream` into the list `lines`; announce the first retry."""
    for line in stream:
        if b"Retrying" in line and not any(b"Retrying" in old for old in lines):
            say("  The package index does not answer; trying again ...")
        lines.append(line)


def write(log, mode, text):
    """Write bytes into the log; on a full disk the log stays short, and that is all."""
    try:
        with open(log, mode + "b") as output:
            output.write(text)
    except OSError as error:
        say(f"  (The log cannot be written: {error.strerror}.)")


def fail(code, complaints, log):
    """Raise the Trouble that explains a failed command by what it complained of."""
    if shutil.disk_usage(os.path.dirname(log)).free < FULL:
        complaints = os.strerror(errno.ENOSPC)  # some commands do not say why
    if code < 0 and "rror" not in complaints:
        cause = f"The installation was stopped from outside (signal {-code})"
    else:
        cause = diagnose(complaints)
    raise Trouble(
        f"{cause}, then type the same command again. "
        f"All that pip said is in {os.path.relpath(log)}."
    )
