"""A pytest plugin: notebooks run like chapters, and say what they cost.

With this plugin pytest gives every kernel and test the environment of
`tools.kernel` (the learner's own progress is neither read nor written) and each kernel
a second device (tests/second_device.py), adds to each notebook a last test that its
kernel stayed within memory (`MemoryItem`), and ends with a table: each notebook's time
and its kernel's peak resident memory.

It works alone and under pytest-xdist with `--dist loadfile`: workers send what they
measured with their reports. pyproject.toml loads it.
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

MOST_BYTES = 1_000_000_000
PEAK = "peak memory"
PICTURE = "change to picture"
SECOND_DEVICE = "__import__('tests.second_device').second_device.set_up()"
MAX_RSS = "__import__('resource').getrusage(0).ru_maxrss"
pytest_plugins = ["tools.pytest_quiet"]
times = pytest.StashKey[dict]()
peaks = pytest.StashKey[dict]()


class MemoryItem(pytest.Item):
    """The last test of a notebook: its kernel, still alive, never held over 1 GB."""

    def runtest(self):
        """Read the kernel's peak memory; fail if it is over the limit."""
        kernel = getattr(self.parent, "kernel", None)
        if kernel is None or not kernel.is_alive():
            pytest.skip("the kernel did not live to the end of the notebook")
        peak = peak_memory(kernel)
        self.user_properties.append((PEAK, peak))
        if peak > MOST_BYTES:
            raise MemoryError(
                f"peak memory = {peak / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} "
                "MB, so that the chapter runs on Binder. Make its arrays smaller, or "
                "free them."
            )

    def repr_failure(self, excinfo, style=None):
        """The sentence alone: a traceback through this file helps nobody."""
        if excinfo.errisinstance(MemoryError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        """Where pytest says that this test stands."""
        return self.path, None, f"{self.path.name}: {PEAK}"


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
    request = kernel.kc.execute("", user_expressions={PEAK: MAX_RSS})
    while True:
        reply = kernel.get_message("shell", timeout=10)
        if reply["parent_header"].get("msg_id") == request:
            answer = reply["content"]["user_expressions"][PEAK]
            return int(answer["data"]["text/plain"])


def pytest_configure(config):
    """Set the environment that kernels and tests inherit."""
    scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(scratch.cleanup)
    os.environ.update(kernel_environment(Path(scratch.name)))
    run_at_start(Path(os.environ["IPYTHONDIR"]), SECOND_DEVICE)
    if hasattr(config, "workerinput"):
        # Workers share the cores: one thread each, or they wait for one another.
        os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    config.stash[times] = defaultdict(float)
    config.stash[peaks] = {}
    config.pluginmanager.register(Reporter(config), "course-notebooks")


def run_at_start(profiles: Path, line: str):
    """Have each kernel run a line before its first cell, in IPython's own way."""
    startup = profiles / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "tests.py").write_text(line)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Put a MemoryItem behind the last cell of each notebook."""
    last = {item.parent: item for item in items if isinstance(item, IPyNbCell)}
    for notebook, cell in last.items():
        test = MemoryItem.from_parent(notebook, name=PEAK)
        items.insert(items.index(cell) + 1, test)


class Reporter:
    """Collects what reports say about notebooks, and prints it at the end."""

    def __init__(self, config):
        self.times = config.stash[times]
        self.peaks = config.stash[peaks]
        self.figures = []

    def pytest_runtest_logreport(self, report):
        """Add a report's seconds to its notebook; keep what it says about costs."""
        name = report.nodeid.partition("::")[0]
        if "browser" in report.keywords:
            self._keep_figures(report)
        if name.endswith(".ipynb"):
            self.times[name] += report.duration
            for key, value in report.user_properties:
                if key == PEAK:
                    self.peaks[name] = value

    def _keep_figures(self, report):
        if report.when == "call":
            values = (value for key, value in report.user_properties if key == PICTURE)
            self.figures.extend(values)

    def pytest_terminal_summary(self, terminalreporter):
        """Print one line for each notebook that ran, and for each live figure."""
        if self.figures:
            terminalreporter.section("in a browser: from a change to the new picture")
            for line in self.figures:
                terminalreporter.line(line)
        if not self.times:
            return
        terminalreporter.section("notebooks: time, and peak memory of the kernel")
        for name in sorted(self.times):
            peak = f"{self.peaks[name] / 1e6:6.0f} MB" if name in self.peaks else ""
            terminalreporter.line(f"{self.times[name]:6.1f} s  {peak:>10}  {name}")
