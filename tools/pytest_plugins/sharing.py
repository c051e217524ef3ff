"""A pytest plugin: how workers share the tests, so that none waits for another.

A file is one worker's, since the cells of a notebook share a kernel. Only the chapters
in a browser, all in one file, are shared one by one, and so are those under the loop
doctor. What takes longest begins first: these chapters, then the notebooks. What is
short comes last and fills the gaps.

Workers share the cores too: each computes with one thread, or they wait for one
another; without workers, threads that wait leave their core to others. torch asks for
both as it is imported, so they are said before.
"""

import os

import pytest
from xdist.scheduler import LoadFileScheduling

IN_BROWSER = "tests/browser/test_chapters.py"
UNDER_WATCH = "tests/loop/test_doctor_on_chapters.py"
COSTS = {  # the first beginning that fits
    UNDER_WATCH: 15.0,
    IN_BROWSER: 8.0,
    "tests/browser/": 4.0,
    "chapters/": 0.25,
    "tests/": 0.03,
    "": 0.02,
}

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
THREADS = "OMP_NUM_THREADS", "MKL_NUM_THREADS", "TORCHINDUCTOR_COMPILE_THREADS"
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
if IS_WORKER:
    os.environ.update(dict.fromkeys(THREADS, "1"))


class Sharing(LoadFileScheduling):
    """xdist's `--dist loadfile`, with a share for each chapter of two files."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def share_of(nodeid: str) -> str:
    """What one worker runs as a whole: a file, or a chapter of some.

    >>> share_of("chapters/06_sgd.ipynb::Cell 3")
    'chapters/06_sgd.ipynb'
    >>> share_of("tests/browser/test_chapters.py::test_pictures[06_sgd-dark]")
    'tests/browser/test_chapters.py[06_sgd'
    >>> share_of("tests/loop/test_doctor_on_chapters.py::test_chapter[06]")
    'tests/loop/test_doctor_on_chapters.py[06'
    """
    file, _, test = nodeid.partition("::")
    if file not in (IN_BROWSER, UNDER_WATCH):
        return file
    return f"{file}[{test.partition('[')[2].rstrip(']').partition('-')[0]}"


def seconds_of(nodeid: str) -> float:
    """About how long a test of its kind takes.

    >>> seconds_of("tests/browser/test_checks.py::test_stepper_is_walked")
    4.0
    """
    return next(cost for kind, cost in COSTS.items() if nodeid.startswith(kind))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share as above wherever whole files are asked for."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by the number of tests, not their length
    return Sharing(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put what takes longest first in each worker's list."""
    if IS_WORKER:
        items.sort(key=lambda item: -seconds_of(item.nodeid))
