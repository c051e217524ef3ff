"""A pytest plugin: notebooks run like chapters, and say what they cost.

With this plugin pytest gives every kernel and test the environment of
`tools.kernel` (the learner's own progress is neither read nor written) and a second
device (tests/second_device.py), adds to each notebook a last test that its kernel
stayed within memory (`MemoryItem`), and ends with a table: each notebook's time, and
the memory that it took.

It works alone and under pytest-xdist with `--dist loadfile`: workers send what they
measured with their reports.
"""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbCell

from tools.kernel import kernel_environment

MEMORY = "memory"
SECOND_DEVICE = "__import__('tests.second_device').second_device.set_up()"
MAX_RSS = "__import__('resource').getrusage(0).ru_maxrss"
MOST_ADDED = 600_000_000
MOST_IN_ALL = 900_000_000  # bytes, of a kernel with PyTorch's CPU build
times = pytest.StashKey[dict]()
memories = pytest.StashKey[dict]()
imports = pytest.StashKey[int]()


class MemoryItem(pytest.Item):
    """The last test of a notebook: its kernel, still alive, held few bytes.

    Binder gives 2 GB, and PyTorch's CPU build. A reader who goes on to the next chapter
    has two kernels there beside the server; with 200 MB for the server, 900 MB are left
    for each. The imports take 300 MB of them, so a chapter may add 600 MB to what its
    first cell, the imports, left behind. That holds on every machine. The CUDA build's
    libraries take 300 MB more, so there 900 MB is no limit.
    """

    def runtest(self):
        """Read the kernel's peak memory; fail if it is over a limit."""
        kernel = getattr(self.parent, "kernel", None)
        if kernel is None or not kernel.is_alive():
            pytest.skip("the kernel did not live to the end of the notebook")
        peak = peak_memory(kernel)
        added = peak - self.parent.stash.get(imports, 0)
        self.user_properties.append((MEMORY, (added, peak)))
        if added > MOST_ADDED:
            raise MemoryError(too_much("memory beyond the imports", added, MOST_ADDED))
        if peak > MOST_IN_ALL and built_for_cpu():
            raise MemoryError(too_much("memory in all", peak, MOST_IN_ALL))

    def repr_failure(self, excinfo, style=None):
        """The sentence alone: a traceback through this file helps nobody."""
        if excinfo.errisinstance(MemoryError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        """Where pytest says that this test stands."""
        return self.path, None, f"{self.path.name}: {MEMORY}"


def built_for_cpu() -> bool:
    """True if this PyTorch knows no CUDA, as on Binder."""
    from torch.version import cuda  # not above: first the workers' threads are set

    return cuda is None


def too_much(what: str, count: int, most: int) -> str:
    """Why a notebook is refused.

    >>> too_much("memory in all", 2_000_000_000, 900_000_000)[:52]
    'memory in all = 2,000 MB; at most 900 MB, so that th'
    """
    return (
        f"{what} = {count / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB, so that the "
        "chapter runs on Binder. Make its arrays smaller, or free them."
    )


def peak_memory(kernel) -> int:
    """The most bytes that the kernel's process ever held in memory.

    Linux says so in /proc, Windows to psutil; elsewhere the kernel is asked.
    """
    pid = kernel.km.provisioner.pid
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        lines = status.read_text().splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024
    if sys.platform == "win32":
        return psutil.Process(pid).memory_info().peak_wset
    request = kernel.kc.execute("", user_expressions={MEMORY: MAX_RSS})
    while True:
        reply = kernel.get_message("shell", timeout=10)
        if reply["parent_header"].get("msg_id") == request:
            answer = reply["content"]["user_expressions"][MEMORY]
            return int(answer["data"]["text/plain"])


def pytest_configure(config):
    """Set the environment that kernels and tests inherit."""
    scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(scratch.cleanup)
    os.environ.update(kernel_environment(Path(scratch.name)))
    run_at_start(Path(os.environ["IPYTHONDIR"]), SECOND_DEVICE)
    config.stash[times] = defaultdict(float)
    config.stash[memories] = {}
    config.pluginmanager.register(Reporter(config), "course-notebooks")


def run_at_start(profiles: Path, line: str):
    """Have each kernel run a line before its first cell, in IPython's own way."""
    startup = profiles / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "at_start.py").write_text(line)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Put a MemoryItem behind the last cell of each notebook."""
    last = {item.parent: item for item in items if isinstance(item, IPyNbCell)}
    for notebook, cell in last.items():
        test = MemoryItem.from_parent(notebook, name=MEMORY)
        items.insert(items.index(cell) + 1, test)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    """After the first cell of a notebook, keep what its imports took."""
    if isinstance(item, IPyNbCell) and imports not in item.parent.stash:
        kernel = item.parent.kernel
        item.parent.stash[imports] = peak_memory(kernel) if kernel.is_alive() else 0


class Reporter:
    """Collects what reports say about notebooks, and prints it at the end."""

    def __init__(self, config):
        self.times = config.stash[times]
        self.memories = config.stash[memories]

    def pytest_runtest_logreport(self, report):
        """Add a report's seconds to its notebook; keep what it says about memory."""
        name = report.nodeid.partition("::")[0]
        if name.endswith(".ipynb"):
            self.times[name] += report.duration
            for key, value in report.user_properties:
                if key == MEMORY:
                    self.memories[name] = value

    def pytest_terminal_summary(self, terminalreporter):
        """Print one line for each notebook that ran."""
        if not self.times:
            return
        terminalreporter.section("notebooks: time; memory beyond the imports, in all")
        for name in sorted(self.times):
            sizes = [f"{size / 1e6:5.0f} MB" for size in self.memories.get(name, ())]
            costs = f"{self.times[name]:6.1f} s  {'  '.join(sizes):>18}"
            terminalreporter.line(f"{costs}  {name}")
