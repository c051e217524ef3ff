"""The servers of `make lab` and of a plain `jupyter lab`, run beside a test."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.course import ROOT

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
STOP = signal.SIGINT if os.name != "nt" else signal.SIGTERM
PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


@contextlib.contextmanager
def serving(notebook: Path, *more: str) -> Iterator[str]:
    """Run the server on a free port; gives its address, stops it after.

    Args:
        more: further settings, such as "--LabApp.expose_app_in_browser=True".

    Raises: RuntimeError with what the server printed if it does not start, or does not
        stop at a Ctrl-C (on Windows it is ended).
    """
    command = [sys.executable, "-m", "tools.lab", notebook.name[:2], "--no-browser"]
    command += [f"--port={free_port()}", *more]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, **PIPES
    ) as server:
        try:
            yield wait_for_address(server)
        finally:
            server.send_signal(STOP)
            printed, _ = server.communicate(timeout=30)
        if STOP != signal.SIGTERM and not stopped_well(printed):
            raise RuntimeError(f"JupyterLab did not stop well. It printed: {printed}")


@contextlib.contextmanager
def serving_plainly(*more: str) -> Iterator[str]:
    """Run `jupyter lab` as it is, in the course's folder; gives its address.

    Args:
        more: settings, such as "--LabApp.expose_app_in_browser=True".

    Raises: RuntimeError with what the server printed if it does not start.
    """
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={free_port()}", *more]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, **PIPES
    ) as server:
        try:
            yield wait_for_address(server)
        finally:
            server.terminate()
            server.communicate(timeout=30)


def stopped_well(printed: str) -> bool:
    """True if these are the last words of a server that stopped without asking."""
    asked = "Traceback" in printed or "y/[n]" in printed
    return printed.endswith("JupyterLab has stopped.\n") and not asked


def free_port() -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for_address(server: subprocess.Popen) -> str:
    """Read what the server prints up to its address; raise if it ends before."""
    printed = []
    for line in server.stdout:
        printed.append(line)
        match = ADDRESS.search(line)
        if match:
            return match.group()
    raise RuntimeError(
        f"JupyterLab did not start. It printed: {''.join(printed) or '-'}"
    )
