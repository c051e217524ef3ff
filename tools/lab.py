"""Opens the course in JupyterLab, on this machine only.

    python -m tools.lab                at chapter 00
    python -m tools.lab 03             at chapter 03 (or CH=03)
    python -m tools.lab --no-browser   prints the address and opens nothing

With this module one can: say which settings the server has and why (`settings`), run it
until Ctrl-C (`main`), and run it beside a test (`serving`).
"""

import argparse
import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
# JupyterLab asks every new reader whether it may fetch news, whatever `news_url` says;
# a file in this folder switches off the part of it that asks.
QUIET = Path(__file__).resolve().parent / "jupyter"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
READY = """JupyterLab is ready. If no browser opens, open this address in one:

  {}

Ctrl-C in this window stops it; save your notebooks first."""


def chapters(folder: Path = CHAPTERS) -> dict[str, Path]:
    """The notebooks in `folder` by their number, "00" first.

    >>> chapters(Path("there is no such folder"))
    {}
    """
    return {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}


def find(number: str, folder: Path = CHAPTERS) -> Path:
    """The notebook with this number; "3" is "03", "" is the first.

    Raises: ValueError with the list of chapters if there is none with that number.
    """
    there = chapters(folder)
    path = there.get(number.zfill(2)) if number else next(iter(there.values()), None)
    if path is None:
        names = "".join(f"\n  {name}  {path.stem[3:]}" for name, path in there.items())
        raise ValueError(
            f"There is no chapter {number.zfill(2)} here. There are:{names or ' none.'}"
        )
    return path


def settings(notebook: Path, port: int, token: str, browser: bool) -> list[str]:
    """The command line of JupyterLab for this notebook.

    Args:
        port: the first port to try, 1 to 65535; others follow if it is taken.
        token: the secret without which the server answers nobody.
        browser: whether to open the address in the reader's browser.
    """
    return [
        str(notebook),
        f"--ServerApp.root_dir={ROOT}",
        # This machine only, and only who knows the token.
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=50",
        f"--IdentityProvider.token={token}",
        "--ServerApp.allow_root=True",  # as one is in a container
        # Nothing is fetched from outside: no news, no look for newer versions.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # The log speaks of trouble only.
        "--Application.log_level=WARN",
        f"--ServerApp.open_browser={browser}",
    ]


def address(notebook: Path, port: int, token: str) -> str:
    """The address to open in a browser.

    >>> address(CHAPTERS / "00_the_five_lines.ipynb", 8888, "secret")
    'http://127.0.0.1:8888/lab/tree/chapters/00_the_five_lines.ipynb?token=secret'
    """
    place = notebook.relative_to(ROOT).as_posix()
    return f"http://127.0.0.1:{port}/lab/tree/{place}?token={token}"


def encryption() -> list[str]:
    """The setting that keeps what kernels say private, where this Jupyter has it.

    >>> encryption() in ([], ["--MappingKernelManager.transport_encryption=auto"])
    True
    """
    import zmq
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

    known = MappingKernelManager.class_trait_names()
    if "transport_encryption" not in known or not zmq.has("curve"):
        return []
    return ["--MappingKernelManager.transport_encryption=auto"]


def use_our_defaults() -> None:
    """Let JupyterLab find tools/jupyter, where its question about news is answered."""
    paths = [str(QUIET), os.getenv("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))


def serve(notebook: Path, port: int, browser: bool, more: list[str]) -> None:
    """Run JupyterLab until it is stopped; `more` are further settings of it."""
    from jupyterlab.labapp import LabApp  # takes a second: not before it is needed

    use_our_defaults()
    token = secrets.token_urlsafe(24)
    command = settings(notebook, port, token, browser) + encryption() + more
    server = LabApp.initialize_server(argv=command)
    for name in {"SIGINT", "SIGHUP"} & set(dir(signal)):  # Ctrl-C, a closed window
        number = getattr(signal, name)
        signal.signal(number, lambda *_: server.stop(from_signal=True))
    url = address(notebook, server.port, token)
    server.io_loop.add_callback(print, READY.format(url), flush=True)
    server.start()


@contextlib.contextmanager
def serving(notebook: Path, *more: str) -> Iterator[str]:
    """Run the server of `make lab` on a free port; gives its address, stops it after.

    Args:
        more: further settings, such as "--LabApp.expose_app_in_browser=True".

    Raises: RuntimeError with what the server said if it does not start.
    """
    command = [sys.executable, "-m", "tools.lab", notebook.name[:2], "--no-browser"]
    command += [f"--port={free_port()}", *more]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, **pipes
    ) as server:
        try:
            yield wait_for_address(server)
        finally:
            stop = signal.SIGINT if os.name != "nt" else signal.SIGTERM
            server.send_signal(stop)
            server.wait(timeout=30)


def free_port() -> int:
    """A port of this machine that nobody uses at the moment.

    >>> free_port() > 0
    True
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for_address(server: subprocess.Popen) -> str:
    """Read what the server prints up to its address; raise if it ends before."""
    said = []
    for line in server.stdout:
        said.append(line)
        match = ADDRESS.search(line)
        if match:
            return match.group()
    raise RuntimeError(f"JupyterLab did not start. It said: {''.join(said) or '-'}")


def main(words: list[str]) -> None:
    """Open the chapter that the words or CH name, and stay until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="tools.lab", description="Open a chapter.")
    parser.add_argument("chapter", nargs="?", default=os.environ.get("CH", ""))
    parser.add_argument("--port", type=int, default=8888)
    parser.add_argument("--no-browser", action="store_true")
    options, more = parser.parse_known_args(words)
    try:
        notebook = find(options.chapter)
    except ValueError as error:
        sys.exit(str(error))
    print(f"Starting JupyterLab on {notebook.relative_to(ROOT)} ...", flush=True)
    try:
        serve(notebook, options.port, not options.no_browser, more)
    except KeyboardInterrupt:  # Ctrl-C is how one leaves
        forget_interrupt()
    print("JupyterLab has stopped.", flush=True)


def forget_interrupt() -> None:
    """Let a Ctrl-C that was handled leave no trace in the exit status.

    CPython ends as if killed by it, though it was caught, when it came while some text
    was executed, as the import of a dataclass does. Executing more text forgets it.
    """
    exec("")


if __name__ == "__main__":
    main(sys.argv[1:])
