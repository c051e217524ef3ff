"""Removes what the other commands made: `.venv`, logs and caches.

    python -m tools.clean

With this module one can: list what would go (`made_here`) and remove it (`clean`). What
a learner has solved (`.progress.json`) and everything under git stay.

It runs without the environment: standard library only, Python 3.6 syntax.
"""

import os
import sys

from tools.installer import remove, say
from tools.state import ROOT
from tools.trouble import Trouble

AT_THE_TOP = (".venv", ".install", ".screenshots")
ANYWHERE = (
    *("__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    *(".ipynb_checkpoints",),
)


def made_here(root):
    """The folders under `root` that the commands made, the outer before the inner.

    >>> made_here("there is no such folder")
    []
    """
    found = [os.path.join(root, name) for name in AT_THE_TOP]
    for folder, names, _ in os.walk(root):
        caches = [n for n in names if n in ANYWHERE or n.endswith(".egg-info")]
        found += [os.path.join(folder, name) for name in caches]
        names[:] = [n for n in names if n not in caches + [".git", *AT_THE_TOP]]
    return [path for path in found if os.path.lexists(path)]


def clean(root):
    """Remove what `made_here` lists. Raises: Trouble if something cannot be removed."""
    for path in made_here(root):
        remove(path)
        say(f"removed {os.path.relpath(path, root)}")


if __name__ == "__main__":
    try:
        clean(ROOT)
    except Trouble as trouble:
        sys.exit(str(trouble))
