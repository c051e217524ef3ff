"""A pytest plugin: how far a run with many workers is, and how long it takes yet.

It takes the place of the dots, six screens of them. A terminal shows one bar that
fills; a log gets a line at each tenth; a test that fails is named at once. With `-n0`
or `-v` pytest reports each test as it always does.
"""

import time

import pytest

from tools.pytest_plugins.sharing import seconds_of

COLUMNS = 30


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    """Show the progress while the workers run the tests."""
    config = session.config
    if config.get_verbosity() > 0 or not getattr(config.option, "numprocesses", None):
        return (yield)
    progress = Progress(session)
    config.pluginmanager.register(progress)
    try:
        return (yield)
    finally:
        config.pluginmanager.unregister(progress)
        progress.reporter.write_line("")


class Progress:
    """Counts the tests of a session as they end."""

    def __init__(self, session):
        self.reporter = session.config.pluginmanager.getplugin("terminalreporter")
        self.on_terminal = bool(self.reporter.isatty)
        self.start = None
        self.ended, self.tests = 0, 0
        self.done, self.work = 0.0, 0.0  # what they would take, all in a row

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """Each worker finds the same tests."""
        self.tests, self.work = len(ids), sum(map(seconds_of, ids))

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self):
        """No letter for any outcome."""
        category, _, _ = yield
        return category, "", ""

    def pytest_runtest_logstart(self):
        """Start the clock with the first test: until then the workers get ready."""
        self.start = self.start or time.monotonic()

    def pytest_runtest_logreport(self, report):
        """Name a test that fails."""
        if report.failed:
            if self.on_terminal:
                self.reporter.rewrite("", erase=True)
                self.reporter.rewrite("")
            self.reporter.write_line(f"failed: {report.nodeid}", red=True)

    def pytest_runtest_logfinish(self, nodeid):
        """Show that one more test has ended."""
        before = self.done / self.work
        self.ended += 1
        self.done += seconds_of(nodeid)
        part = self.done / self.work
        seconds = (time.monotonic() - self.start) * (1 / part - 1)
        text = describe(self.ended, self.tests, part, seconds)
        if self.on_terminal:
            self.reporter.rewrite(text, erase=True)
        elif int(10 * part + 1e-6) > int(10 * before + 1e-6):
            self.reporter.write_line(text)


def describe(ended: int, tests: int, part: float, left: float) -> str:
    """The line that says how far the run is: its tests, and its part of the work.

    >>> describe(1, 3, 0.5, 80.0)
    '███████████████░░░░░░░░░░░░░░░  1 of 3 tests, about 1:20 left'
    """
    full = int(COLUMNS * part)
    bar = "█" * full + "░" * (COLUMNS - full)
    minutes, seconds = divmod(max(0, round(left)), 60)
    return f"{bar}  {ended:,} of {tests:,} tests, about {minutes}:{seconds:02} left"
