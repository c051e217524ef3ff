"""A browser and the server of `make lab`, once for all tests in this folder.

Fixtures: `browser` (a Chromium with a fresh profile), `lab` (the address of the course
in the server that `make lab` starts), `plain_lab` (the same in that of `jupyter lab`),
`workbench` (a folder, and the address of a server for notebooks that a test writes
there).

Nothing of the reader's is used or written: JupyterLab's settings, workspaces and
checkpoints live in a temporary folder, and automatic saving is off.
"""

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.server import (
    PIPES,
    free_port,
    serving,
    serving_plainly,
    wait_for_address,
)
from tools.browser import find_chromium
from tools.course import ROOT, find

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IN_BROWSER = "--LabApp.expose_app_in_browser=True"  # scripts then find `jupyterapp`
HOW_TO_GET_ONE = (
    "no Chromium here, so the browser tests do not run. Install Chromium or Chrome "
    "(Debian, Ubuntu: apt install chromium), or set CHROMIUM to its path"
)
EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
SERVE_FOLDER = """
import sys
from pathlib import Path
from tools import lab

lab.ROOT = Path(sys.argv[1])
lab.serve(lab.ROOT / "chapters" / "empty.ipynb", int(sys.argv[2]), False, sys.argv[3:])
"""


@pytest.fixture(scope="session")
def browser():
    """A Chromium; without one the tests are skipped, but fail where CI is true."""
    path = find_chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(HOW_TO_GET_ONE)
    if path is None:
        pytest.skip(HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def own_settings(tmp_path_factory):
    """Words for the server; with them all that it writes stays in a new folder."""
    folder = tmp_path_factory.mktemp("jupyter")
    manager = folder / "settings/@jupyterlab/docmanager-extension"
    manager.mkdir(parents=True)
    settings = json.dumps({"autosave": False})
    (manager / "plugin.jupyterlab-settings").write_text(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(folder / "settings"))
        patch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(folder / "workspaces"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "config"))
        checkpoints = f"--FileCheckpoints.checkpoint_dir={folder / 'checkpoints'}"
        yield [IN_BROWSER, checkpoints]


@pytest.fixture(scope="session")
def lab(browser, own_settings):
    """The address of the course; a chapter's name takes the place of {}."""
    first = find("00")
    with serving(first, *own_settings) as address:
        yield address.replace(first.name, "{}")


@pytest.fixture(scope="session")
def plain_lab(browser, own_settings):
    """The address of the course in a plain `jupyter lab`; {} is a chapter's name."""
    with serving_plainly(*own_settings) as address:
        yield address.replace("/lab?", "/lab/tree/chapters/{}?")


@pytest.fixture(scope="session")
def workbench(browser, own_settings, tmp_path_factory):
    """A folder for notebooks, and an address like `lab`'s that shows them."""
    root = tmp_path_factory.mktemp("course")
    (root / "chapters").mkdir()
    (root / "chapters" / "empty.ipynb").write_text(EMPTY)
    words = [str(root), str(free_port()), *own_settings]
    command = [sys.executable, "-c", SERVE_FOLDER, *words]
    with subprocess.Popen(command, cwd=ROOT, **PIPES) as server:
        address = wait_for_address(server).replace("empty.ipynb", "{}")
        yield SimpleNamespace(folder=root / "chapters", address=address)
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
