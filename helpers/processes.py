"""Functions of a notebook as a program of its own, which can be killed.

With this module one can write such a program (write_program) and run it, to its end or
to a line at which it is killed (run_program).
"""

import linecache
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_program(path, functions, imports="", call=""):
    """Write the notebook cells in which functions were written into a file.

    Args:
        path (Path): the file.
        functions: in the order of their cells; for a class, one of its methods. A cell
            comes once, whole.
        imports (str): what comes before them. Default: none.
        call (str): what comes after them. Default: none.

    Used in chapter 10.
    """
    files = dict.fromkeys(function.__code__.co_filename for function in functions)
    cells = ["".join(linecache.getlines(file)) for file in files]
    text = "\n".join([imports, *cells, call, ""])
    path.write_text(text, encoding="utf-8")


def run_program(path, *arguments, kill_at=None):
    """Run a program that prints whole numbers, one a line; give its exit code.

    Args:
        path (Path): the program.
        arguments: what it finds in sys.argv[1:].
        kill_at (int): it is killed once it prints this number or a larger one.
            Default: None, never.

    Returns the exit code: 0 if it ended by itself and well.

    Used in chapter 10.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     program = Path(folder, "count.py")
    ...     _ = program.write_text("for n in range(3): print(n)")
    ...     run_program(program)
    0
    """
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    command = [sys.executable, str(path), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": paths}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, env=environment) as process:
        for line in process.stdout:
            if kill_at is not None and int(line) >= kill_at:
                process.kill()
                break
    return process.returncode
