"""Tells whether `.venv` is whole, without changing anything.

Whole means: an installation came to its end, for these requirements, in this folder,
and the packages are still there. With this module one can: look (`State.of`), ask the
environment itself (`inspect`), and mark that an installation begins (`mark_started`)
or has ended well (`mark_whole`).

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import hashlib
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PROGRAMS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(PROGRAMS, "python.exe" if os.name == "nt" else "python")
WHOLE = os.path.join(VENV, "whole.json")  # written last, when all is installed
STARTED = os.path.join(VENV, "started.json")  # there while an installation goes on
INSPECTION = os.path.join(ROOT, "tools", "inspection.py")
SOURCES = ("requirements.txt", "pyproject.toml")


class State:
    """What is to be done with `.venv`, and why, in one sentence.

    `todo` is the first step of a ladder; if it does not help, the next one follows:
    "nothing", "check" (each package), "install" (over what is there), "rebuild" (from
    nothing).
    """

    def __init__(self, todo, reason=""):
        self.todo = todo
        self.reason = reason

    @classmethod
    def of(cls):
        """The state of `.venv` as it lies there."""
        if not os.path.lexists(VENV):
            return cls("rebuild", "There is no .venv yet.")
        stamp, seen = read(WHOLE), inspect("quick")
        if seen["broken"]:
            return cls("rebuild", "The .venv is broken: {broken}.".format(**seen))
        if stamp and stamp.get("folder") != ROOT:
            return cls("rebuild", "The .venv was made in another folder.")
        if os.path.exists(STARTED) and read(STARTED) != {"packages": seen["packages"]}:
            return cls("rebuild", "The last installation was stopped half-way.")
        if seen["problem"]:
            return cls("install", "The .venv is not whole: {problem}.".format(**seen))
        return cls.of_working(stamp, seen["packages"])

    @classmethod
    def of_working(cls, stamp, packages):
        """The state of a `.venv` that works, by what its stamp says."""
        goal = wanted()
        if not stamp:
            return cls("check", "The .venv was not made by this command.")
        if stamp.get("requirements") != goal["requirements"]:
            return cls("install", "requirements.txt or pyproject.toml changed.")
        if goal["constraint"] not in ("", stamp.get("constraint")):
            return cls("install", "PIP_CONSTRAINT changed.")
        if stamp.get("packages") != packages:
            return cls("check", "Packages in .venv were changed by hand.")
        return cls("nothing")


def digest(*paths):
    """A short word that changes with the contents of these files.

    >>> len(digest(__file__)), digest(__file__) == digest(__file__, __file__)
    (16, False)
    """
    text = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            text.update(file.read().replace(b"\r\n", b"\n") + b"\0")
    return text.hexdigest()[:16]


def wanted():
    """What the stamp of a whole environment says: requirements, folder, constraint."""
    path = os.path.join(ROOT, os.environ.get("PIP_CONSTRAINT", ""))
    return {
        "requirements": digest(*(os.path.join(ROOT, name) for name in SOURCES)),
        "folder": ROOT,
        "constraint": digest(path) if os.path.isfile(path) else "",
    }


def read(path):
    """The dict in a JSON file; {} if the file is missing or damaged.

    >>> read("there is no such file")
    {}
    """
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write(path, content):
    """Write a dict as JSON, whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    os.replace(path + ".new", path)


def inspect(depth):
    """What `tools/inspection.py` says of `.venv`; `depth` is "quick" or "full".

    Returns a dict of strings, empty where all is well: `broken` (nothing can be saved),
    `problem` (a package is missing or wrong); and `packages`, what is installed.
    """
    command = [PYTHON, "-I", INSPECTION, ROOT, depth]
    try:
        output = subprocess.check_output(command, stderr=subprocess.DEVNULL)
        return json.loads(output.decode("utf-8").splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
        return {"broken": "its Python does not start", "problem": "", "packages": ""}


def mark_started(packages):
    """Note that an installation begins, and what there is before it."""
    write(STARTED, {"packages": packages})


def mark_whole(packages):
    """Note that all is installed: the one thing that makes `.venv` whole."""
    write(WHOLE, dict(wanted(), packages=packages))
    if os.path.exists(STARTED):
        os.remove(STARTED)
