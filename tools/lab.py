"""Opens the course in JupyterLab, on this machine only.

python -m tools.lab                at chapter 00
python -m tools.lab 03             at chapter 03 (or CH=03)
python -m tools.lab --no-browser   prints the address and opens nothing
"""

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path

from tools.course import ROOT, find

# JupyterLab asks every new reader whether it may fetch news, whatever `news_url` says;
# a file in this folder switches off the part of it that asks.
QUIET = Path(__file__).resolve().parent / "jupyter"
READY = """JupyterLab is ready. If no browser opens, open this address in one:

  {}

Ctrl-C in this window stops it; save your notebooks first."""


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

    >>> address(find("00"), 8888, "secret")
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


def main(words: list[str]) -> None:
    """Open the chapter that the words or CH name, and stay until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="tools.lab", description="Open a chapter.")
    parser.add_argument("chapter", nargs="?", default=os.environ.get("CH") or "00")
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
