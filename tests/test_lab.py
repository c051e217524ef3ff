"""The server of `make lab`: local, locked, silent, and gone after one Ctrl-C."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
from ipykernel.ipkernel import IPythonKernel
from jupyter_client import BlockingKernelClient

from tests.browser.server import (
    PIPES,
    free_port,
    serving,
    serving_plainly,
    stopped_well,
    wait_for_address,
)
from tools import lab
from tools.course import CHAPTERS, ROOT

NOTEBOOK = CHAPTERS / "00_the_five_lines.ipynb"
INSTALL = "tools.contents is not installed: pip install --no-deps -e ."
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


@pytest.fixture(scope="module")
def url():
    """The address of a running server."""
    with serving(NOTEBOOK) as address:
        yield address


def ask(url, path, token=None, data=None):
    """What the server at `url` answers on `path`, as text."""
    parts = urlsplit(url)
    token = parse_qs(parts.query)["token"][0] if token is None else token
    headers = {"Authorization": f"token {token}"} if token else {}
    request = urllib.request.Request(
        f"http://{parts.netloc}{path}", data=data, headers=headers
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode("utf-8")


def test_the_address_opens_the_chapter(url):
    assert urlsplit(url).path == "/lab/tree/chapters/00_the_five_lines.ipynb"
    assert "<title>JupyterLab</title>" in ask(url, urlsplit(url).path)
    assert json.loads(ask(url, f"/api/contents/chapters/{NOTEBOOK.name}?content=0"))


def test_every_server_hands_out_what_jupyterlab_would_write(url):
    """Else opening a chapter changes it; `make browser` sees that it does not."""
    stored = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["metadata"]
    assert stored["language_info"] != IPythonKernel.language_info
    place = f"/api/contents/chapters/{NOTEBOOK.name}"
    with serving_plainly() as plain:
        answers = [json.loads(ask(server, place)) for server in (url, plain)]
    for answer in answers:
        metadata = answer["content"]["metadata"]
        assert metadata["language_info"] == IPythonKernel.language_info, INSTALL
        assert metadata["kernelspec"] == stored["kernelspec"]


@pytest.mark.parametrize("token", ["", "guessed"])
def test_without_the_token_nobody_gets_in(url, token):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask(url, "/api/kernels", token=token)


def test_only_this_machine_can_reach_it(url):
    port = urlsplit(url).port
    listening = [c for c in connections() if c.status == psutil.CONN_LISTEN]
    assert {c.laddr.ip for c in listening if c.laddr.port == port} == {"127.0.0.1"}


def connections():
    """The network connections of this process's children."""
    children = psutil.Process().children(recursive=True)
    return [c for child in children for c in child.net_connections("inet")]


def test_no_news_no_updates_no_extensions_are_fetched(url):
    page = ask(url, "/lab")
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    settings = json.loads(config.group(1))
    assert settings["news"] == {"disabled": True}
    asks = "@jupyterlab/apputils-extension:announcements"
    assert asks in settings["disabledExtensions"]
    assert json.loads(ask(url, "/lab/api/news")) == {"news": []}
    assert json.loads(ask(url, "/lab/api/update")) == {"notification": None}
    assert settings["extensionManager"]["can_install"] is False
    # Without a network an update is never found, so here the setting is what counts.
    words = " ".join(lab.settings(NOTEBOOK, 8888, "token", browser=False))
    assert "check_for_updates_class=jupyterlab.NeverCheckForUpdate" in words


@contextlib.contextmanager
def start(command, **more):
    """Start a program in the course's folder, its output in a pipe; end it after."""
    with subprocess.Popen(command, cwd=ROOT, **PIPES, **more) as program:
        try:
            yield program
        finally:
            program.kill()


def wait_until_ready(kernel):
    """Wait until a kernel, a process, answers."""
    words = kernel.cmdline()
    client = BlockingKernelClient(connection_file=words[words.index("-f") + 1])
    client.load_connection_file()
    client.start_channels()
    client.kernel_info(reply=True, timeout=60)
    client.stop_channels()


@POSIX
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_ctrl_c_or_a_closed_window_stops_it_with_its_kernels(url, name):
    """On a terminal; `url` is stopped without one. Its port is taken: see below."""
    import pty  # there is none on Windows

    master, slave = pty.openpty()
    taken = urlsplit(url).port
    command = [sys.executable, "-m", "tools.lab", "--no-browser", f"--port={taken}"]
    with start(command, stdin=slave) as server:
        own = wait_for_address(server)
        assert urlsplit(own).port != taken, "a taken port is passed over"
        ask(own, "/api/kernels", data=b"{}")
        children = psutil.Process(server.pid).children(recursive=True)
        wait_until_ready(next(c for c in children if "-f" in c.cmdline()))
        server.send_signal(getattr(signal, name))
        printed, _ = server.communicate(timeout=30)
        assert server.returncode == 0
    os.close(master)
    os.close(slave)
    assert stopped_well(printed), printed
    assert not psutil.wait_procs(children, timeout=5)[1]


@POSIX
def test_ctrl_c_while_it_starts_is_no_traceback():
    command = [sys.executable, "-m", "tools.lab", "--no-browser"]
    with start(command) as server:
        assert server.stdout.readline().startswith("Starting JupyterLab on")
        time.sleep(0.3)
        server.send_signal(signal.SIGINT)
        printed, _ = server.communicate(timeout=30)
    assert (server.returncode, "Traceback" in printed) == (0, False), printed


@POSIX
def test_ctrl_c_while_text_is_executed_ends_well_too():
    """An import may do that: without `forget_interrupt`, Python kills itself then."""
    program = (
        "from tools import lab\n"
        "lab.serve = lambda *_: exec('raise KeyboardInterrupt')\n"
        "lab.main([])"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=30)
    assert ended.returncode == 0


def test_a_number_without_chapter_is_refused(monkeypatch):
    monkeypatch.setenv("CH", "99")
    with pytest.raises(SystemExit, match="chapter = 99: there is no such") as refused:
        lab.main([])
    assert "\n  00  the_five_lines" in str(refused.value)


def test_a_server_that_does_not_start_says_why(monkeypatch):
    with pytest.raises(RuntimeError, match="It printed: chapter = 98: there is no"):
        with serving(CHAPTERS / "98_none.ipynb"):
            pass


def test_a_port_is_really_free():
    with socket.create_server(("127.0.0.1", free_port())):
        pass
