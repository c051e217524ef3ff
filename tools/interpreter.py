"""Which Python can run the course.

With this module one can: ask whether a version is supported (`is_supported`), find a
Python on this machine that is (`find`), and say in a sentence that there is none.

It runs before anything is installed, on whatever Python there is: standard library
only, Python 3.6 syntax.
"""

import os
import shutil
import subprocess
import sys

from tools.state import VENV
from tools.trouble import Trouble

OLDEST = (3, 10)
NEWEST = (3, 13)
MINORS = range(NEWEST[1], OLDEST[1] - 1, -1)
# Python 2 may be asked too, so without the print of Python 3.
PROBE = """import sys
major, minor = sys.version_info[:2]
sys.stdout.write("%d %d %s" % (major, minor, sys.executable))
"""


def is_supported(version):
    """Whether the course runs on this Python; `version` is (major, minor, ...).

    >>> [is_supported((3, minor)) for minor in (9, 10, 13, 14)]
    [False, True, True, False]
    """
    return OLDEST <= tuple(version[:2]) <= NEWEST


def ask(command, program):
    """What `command` (a list) prints when it runs the Python `program`; "" if it fails.

    >>> ask([sys.executable], "print(6 * 7)")
    '42'
    >>> ask([sys.executable], "nonsense!")
    ''
    """
    quiet = {"stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    try:
        output = subprocess.check_output(command + ["-c", program], **quiet)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.decode("utf-8", "replace").strip()


def candidates():
    """Commands that may start a supported Python, the running one first.

    Never one out of a virtual environment: that may be the one to be replaced.
    """
    place = ("python.exe",) if os.name == "nt" else ("bin", "python3")
    inside = sys.prefix != sys.base_prefix
    yield [os.path.join(sys.base_prefix, *place) if inside else sys.executable]
    names = [f"python3.{minor}" for minor in MINORS] + ["python3", "python"]
    for name in names:
        path = shutil.which(name)
        if path and not os.path.abspath(path).startswith(VENV + os.sep):
            yield [path]
    if os.name == "nt" and shutil.which("py"):
        for minor in MINORS:
            yield ["py", f"-3.{minor}"]


def find():
    """The path of a supported Python that can make a virtual environment.

    Raises: Trouble if this machine has none; the sentence says what it has.
    """
    seen = []
    for command in candidates():
        answer = ask(command, PROBE).split(" ", 2)
        if len(answer) < 3:
            continue
        version, path = (int(answer[0]), int(answer[1])), answer[2]
        if is_supported(version) and ask([path], "import venv, ensurepip; print(1)"):
            return path
        seen.append(version)
    raise Trouble(sentence(seen))


def sentence(versions):
    """Why none of these versions will do, and what to install.

    >>> sentence([(3, 9), (3, 9)]).split(". ")[0]
    'The course needs Python 3.10 to 3.13; this machine has Python 3.9'
    """
    for version in versions:
        if is_supported(version):
            name = "{}.{}".format(*version)
            return (
                f"Python {name} is here, but it cannot make virtual environments. "
                f"Install that part (Debian, Ubuntu: apt install python{name}-venv), "
                "then type the same command again."
            )
    found = ", ".join("{}.{}".format(*v) for v in sorted(set(versions))) or "none"
    return (
        "The course needs Python {}.{} to {}.{}; this machine has Python {}. Install "
        "one of these (3.12, say), then type the same command again."
    ).format(*(OLDEST + NEWEST + (found,)))
