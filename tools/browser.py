"""Finds a Chromium for the tests that need a real browser.

With this module one can: find one (`find_chromium`), and print its path in a script
(`python -m tools.browser`; exit code 1 if there is none). It downloads nothing.

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import os
import shutil
import sys

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("chrome", "msedge", "microsoft-edge"),
)
# Where the installers of macOS and Windows put it, outside of PATH.
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)


def find_chromium():
    """The path of a Chromium, Chrome or Edge, or None if this machine has none.

    The environment variable CHROMIUM (a path or a command) comes before all others; if
    it names nothing that can be run, the answer is None.

    >>> path = find_chromium()
    >>> path is None or os.access(path, os.X_OK)
    True
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    paths = [shutil.which(name) for name in NAMES]
    paths += [shutil.which(os.path.expandvars(path)) for path in APPLICATIONS]
    return next((path for path in paths if path), None)


if __name__ == "__main__":
    found = find_chromium()
    print(found or "no Chromium here")
    sys.exit(found is None)
