"""A pytest plugin: the first lines say whether the browser tests can run.

The tests themselves are in tests/browser.
"""

import os

from tools.browser import find_chromium


def verdict(path: str | None, ci: bool) -> str:
    """What happens to the browser tests.

    >>> verdict("/usr/bin/chromium", ci=True)
    'they run in /usr/bin/chromium'
    >>> verdict(None, ci=False)
    'skipped, because there is no Chromium here'
    """
    if path:
        return f"they run in {path}"
    return f"{'they fail' if ci else 'skipped'}, because there is no Chromium here"


def pytest_report_header() -> str:
    """The line of the header."""
    ci = os.environ.get("CI") == "true"
    return f"browser tests: {verdict(find_chromium(), ci)}"
