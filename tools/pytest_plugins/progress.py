"""A pytest plugin: how far a run with many workers is, and how long it takes yet.

It takes the place of the dots, six screens of them. A terminal shows one bar that
fills; a log gets a line at each tenth; a test that fails is named at once. With `-n0`
or `-v` pytest reports each test as it always does.
"""

import time

import pytest

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
        self.session = session  # it hears from the workers how many tests there are
        self.reporter = session.config.pluginmanager.getplugin("terminalreporter")
        self.on_terminal = self.reporter.isatty()
        self.start = None
        self.ended = 0

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

    def pytest_runtest_logfinish(self):
        """Show that one more test has ended."""
        self.ended += 1
        total = self.session.testscollected
        text = describe(self.ended, total, time.monotonic() - self.start)
        if self.on_terminal:
            self.reporter.rewrite(text, erase=True)
        elif 10 * self.ended // total > 10 * (self.ended - 1) // total:
            self.reporter.write_line(text)


def describe(ended: int, total: int, seconds: float) -> str:
    """The line that says how far the run is, `seconds` after its start.

    >>> describe(1, 3, 40.0)
    '██████████░░░░░░░░░░░░░░░░░░░░  1 of 3 tests, about 1:20 left'
    """
    full = COLUMNS * ended // total
    bar = "█" * full + "░" * (COLUMNS - full)
    minutes, left = divmod(round(seconds / ended * (total - ended)), 60)
    return f"{bar}  {ended:,} of {total:,} tests, about {minutes}:{left:02} left"
