"""The doctor's exam: which scripts there are, and what the doctor says of one."""

import contextlib
import io
import sys
import warnings
from pathlib import Path
from unittest import mock

import pytest

from helpers.loop import doctor
from helpers.loop.doctor import session

EXAM = Path(__file__).parent / "doctor_exam"
BROKEN = sorted((EXAM / "broken").glob("*.py"))
HEALTHY = sorted((EXAM / "healthy").glob("*.py"))
CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[0-9][0-9]_*.ipynb"))
# A file test_doctor_on_<group>.py each, so that workers share the exam: the first key.
GROUPS = {
    "order": "zero-grad-missing",
    "graphs": "graph-cut",
    "parameters": "optimizer-wrong-params",
    "modes": "eval-mode-training",
    "losses": "softmax-twice",
    "rates": "lr-too-high",
    "accumulation": "clip-misplaced",
}


def key_of(script):
    """The key that a broken script must be given."""
    return script.stem.split("_")[0]


def keys_of(group):
    """The keys of a group: from its first to the next group's."""
    starts = [doctor.KEYS.index(first) for first in GROUPS.values()]
    index = list(GROUPS).index(group)
    return doctor.KEYS[starts[index] : [*starts, len(doctor.KEYS)][index + 1]]


def each_script_of(group):
    """Run a test with each broken script of a group."""
    scripts = [each for each in BROKEN if key_of(each) in keys_of(group)]
    return pytest.mark.parametrize("script", scripts, ids=lambda path: path.stem)


def examine(script):
    """Run a script under watch, in this process; return its findings."""
    return examine_source(script.read_text(), script)


def examine_source(source, script):
    """Run a script of this source under watch; return its findings."""
    names = {"__name__": "__main__", "__file__": str(script)}
    code = compile(source, str(script), "exec")
    doctor.watch()
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
            mock.patch.object(sys, "argv", [str(script)]),
        ):
            warnings.simplefilter("ignore")
            try:
                exec(code, names)
            except Exception as error:
                session.note_error(error.with_traceback(error.__traceback__.tb_next))
            return doctor.report()
    finally:
        doctor.stop()


def assert_named_first_with_its_line(script):
    """A broken script is named first, on one of the lines that are marked."""
    lines = script.read_text().splitlines()
    right = {number for number, line in enumerate(lines, 1) if "# HERE" in line}
    found = examine(script)
    assert found, "nothing was found"
    assert found[0].key == key_of(script)
    assert not right or found[0].place[1] in right
    assert found[0].place[0] == str(script)
