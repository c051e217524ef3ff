"""Looks at a virtual environment from inside; run by that environment's own Python.

    .venv/bin/python -I tools/inspection.py ROOT quick|full

With this module one can: see that every package can be found and that `helpers` is the
one of this folder (`quick`, well under a second), and also that each is within its
bounds and really imports (`full`). It prints one line of JSON with three strings:
`broken` and `problem` say what is wrong, or nothing; `packages` is what is installed.

Standard library only, because a broken environment may have nothing else.
"""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import sysconfig

# What a chapter or a test imports first. The light ones are imported in a quick look.
LIGHT = ("helpers", "numpy", "pytest")
HEAVY = (
    *("ipykernel", "ipywidgets", "jupyterlab", "matplotlib", "nbval", "networkx"),
    *("sklearn", "torch"),
)


def broken(root):
    """Why this cannot be the environment of the folder `root`, or ""."""
    home = os.path.realpath(os.path.join(root, ".venv"))
    if os.path.realpath(sys.prefix) != home:
        return "its Python runs outside of it"
    return "it has no pip" if importlib.util.find_spec("pip") is None else ""


def missing():
    """Which packages cannot be found, without importing them, or ""."""
    names = [name for name in LIGHT + HEAVY if importlib.util.find_spec(name) is None]
    if len(names) > 1:
        return f"{names[0]} and {len(names) - 1} more are missing"
    return f"{names[0]} is missing" if names else ""


def elsewhere(root):
    """Whether `helpers` is not the one of the folder `root`, or ""."""
    origin = importlib.util.find_spec("helpers").origin or ""
    if os.path.realpath(origin) != os.path.realpath(
        os.path.join(root, "helpers", "__init__.py")
    ):
        return "its helpers are those of another folder"
    return ""


def unimportable(names):
    """The first of these modules that does not import, with the reason, or ""."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a broken package raises is its reason
            return "{} does not import ({}: {})".format(
                name, type(error).__name__, " ".join(str(error).split())
            )
    return ""


def requirements(root):
    """The lines of requirements.txt that name a package, parsed."""
    from pip._vendor.packaging.requirements import Requirement

    with open(os.path.join(root, "requirements.txt"), encoding="utf-8") as lines:
        texts = [line.split("#")[0].strip() for line in lines]
    return [Requirement(text) for text in texts if text and not text.startswith("-")]


def out_of_bounds(root):
    """The first line of requirements.txt that the installed packages break, or ""."""
    for wanted in requirements(root):
        try:
            version = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            return f"{wanted.name} is missing"
        if not wanted.specifier.contains(version, prereleases=True):
            return f"{wanted.name} {version} is not {wanted.specifier}"
    return ""


def packages():
    """What is installed, as one short word that changes with any package."""
    names = sorted(os.listdir(sysconfig.get_path("purelib")))
    text = "\n".join(name for name in names if name != "__pycache__")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def problem(root, full):
    """The first thing that is wrong with the packages, or ""."""
    wrong = missing() or elsewhere(root) or unimportable(LIGHT)
    if full and not wrong:
        wrong = out_of_bounds(root) or unimportable(HEAVY)
    return wrong


def report(root, depth):
    """All that is to be said about the environment, as a dict of strings."""
    bad = broken(root)
    wrong = "" if bad else problem(root, full=depth == "full")
    return {"broken": bad, "problem": wrong, "packages": packages()}


if __name__ == "__main__":
    print(json.dumps(report(*sys.argv[1:])))
