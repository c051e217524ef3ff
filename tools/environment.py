"""Makes or refreshes `.venv`, then runs something in it.

    python3 -m tools.environment                 make .venv whole
    python3 -m tools.environment -m pytest       ... and run its Python with these words

With this module one can: bring `.venv` in order (`ensure`) and run its Python (`run`).
A second call finds everything in place and takes a second. What goes wrong outside the
course ends in one sentence and exit code 1.

It runs before anything is installed: standard library only, Python 3.6 syntax.
"""

import os
import signal
import subprocess
import sys
import textwrap

from tools import installer, interpreter, state
from tools.installer import say
from tools.lock import Lock
from tools.state import PYTHON, ROOT, VENV, State
from tools.trouble import Trouble, diagnose

NOTES = os.path.join(ROOT, ".install")  # the lock and pip's log
LOG = os.path.join(NOTES, "pip.log")


def ensure():
    """Bring `.venv` in order; one process at a time, the others wait.

    Raises: Trouble, with a sentence for the reader.
    """
    if State.of().todo == "nothing":
        return
    os.makedirs(NOTES, exist_ok=True)
    with Lock(os.path.join(NOTES, "lock"), waiting=tell_to_wait) as lock:
        found = State.of()
        if found.todo != "nothing":
            say(found.reason)
            climb(found.todo, lock)
            say("The environment is ready.")


def tell_to_wait():
    """Say why nothing happens."""
    say("Another command is installing into .venv; waiting until it is done ...")


def climb(todo, lock):
    """Take the steps of the ladder, from `todo` on, until `.venv` is whole.

    Raises: Trouble if the last step leaves a problem, or a step cannot be taken.
    """
    ladder = ("check", "install", "rebuild")
    problem = ""
    for name in ladder[ladder.index(todo) :]:
        if problem:
            say(f"The .venv is not whole: {problem}.")
        if name == "rebuild":
            rebuild(lock)
        elif name == "install":
            refresh(lock)
        seen = state.inspect("full")
        problem = seen["broken"] or seen["problem"]
        if not problem:
            return state.mark_whole(seen["packages"])
    raise Trouble(
        f"The packages are installed, but {problem}. "
        "Try another Python from 3.10 to 3.13 (make clean, then the same command "
        f"again). pip's log is {os.path.relpath(LOG)}."
    )


def rebuild(lock):
    """Make `.venv` from nothing."""
    python = interpreter.find()
    say(f"Making .venv with {python} ...")
    installer.remove(VENV)
    installer.warn_of_little_room(ROOT)
    os.mkdir(VENV)
    state.mark_started("none")
    installer.make_empty(VENV, python, LOG)
    refresh(lock)


def refresh(lock):
    """Install the requirements over what is in `.venv`."""
    before = state.inspect("quick")["packages"]
    state.mark_started(before)
    say("Installing the course's packages; the first time takes some minutes ...")
    try:
        installer.install(PYTHON, ROOT, LOG, lock)
    except (Trouble, KeyboardInterrupt):
        if state.inspect("quick")["packages"] == before:
            os.remove(state.STARTED)  # pip changed nothing, so nothing is half-done
        raise


def run(words):
    """Run the Python of `.venv` with these words, as if it were active; never returns.

    Its exit code becomes ours, and Ctrl-C goes to it alone.
    """
    path = os.pathsep.join((state.PROGRAMS, os.environ.get("PATH", "")))
    settings = dict(os.environ, VIRTUAL_ENV=VENV, PATH=path)
    if os.name != "nt":
        os.execve(PYTHON, [PYTHON] + words, settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.call([PYTHON] + words, env=settings))


def give_up(sentence):
    """Say what is wrong, in lines that fit a terminal, and end with exit code 1."""
    sys.exit("\n" + textwrap.fill(sentence, 80, break_on_hyphens=False))


def main(words):
    """Bring `.venv` in order and run its Python with `words`, if any."""
    try:
        ensure()
    except Trouble as trouble:
        give_up(str(trouble))
    except OSError as error:
        give_up(f"{diagnose(str(error))}, then type the same command again.")
    except KeyboardInterrupt:
        say("\nStopped. Type the same command again to go on.")
        sys.exit(130)
    if words:
        run(words)


if __name__ == "__main__":
    main(sys.argv[1:])
