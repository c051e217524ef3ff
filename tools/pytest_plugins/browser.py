"""A pytest plugin: whether the browser tests can run, and whether they photograph.

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


def pytest_addoption(parser):
    """Photographs are for people, and take minutes."""
    parser.addoption(
        "--photographs",
        action="store_true",
        help="have the browser tests photograph every chapter, in .screenshots",
    )


def pytest_report_header() -> str:
    """The line of the header."""
    ci = os.environ.get("CI") == "true"
    return f"browser tests: {verdict(find_chromium(), ci)}"
