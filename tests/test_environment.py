"""`make` brings `.venv` in order: made once, gone on with, made anew after a move.

The Makefile is the real one; Python, pip and uv are played by a script in the shell,
which writes down how it was called.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("make"), reason="Windows takes plain commands"
)
# It answers the question for its version truly, with a version put in place. The file
# `pip-does`, if there is one, says what happens while pip runs.
PLAYER = """#!/bin/sh
case "$*" in
"-c import sys; sys.exit"*)
    exec "{real}" -c "import sys; sys.version_info = {version}, 0; {question}" "$2" ;;
"-c import pip") [ ! -e .venv/no-pip ]; exit ;;
esac
echo "$*" | sed 1q >> calls
case "$*" in
"-m venv --clear .venv")
    rm -rf .venv; mkdir -p .venv/bin; cp "{path}" .venv/bin/python
    echo "VIRTUAL_ENV='$PWD/.venv'" > .venv/bin/activate ;;
"-m pip install -r "*) [ ! -e pip-does ] || . ./pip-does ;;
"venv "*)
    for folder; do :; done
    mkdir -p "$folder/bin"; cp "{path}" "$folder/bin/python" ;;
"-m pytest"*) [ ! -e pytest-fails ] ;;
esac
"""
VENV = "-m venv --clear .venv"
PIP = "-m pip install -r requirements.txt -c constraints.txt"
LAB = "-m tools.lab"
# What an outer make hands on, as in `make test-range ENDS=oldest`.
OF_MAKE = re.compile("MAKE.*|MFLAGS|ENDS|TESTS|KEEP|CH|TORCH|RESOLUTION")


class Course:
    """A folder with the Makefile and what it reads, and a played Python beside it."""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir()
        shutil.copy(ROOT / "Makefile", root)
        for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
            (root / name).touch()
        self.python = self.play("python", (3, 12))

    def play(self, name: str, version: tuple[int, int]) -> Path:
        """Write a script beside the course that plays a Python of this version."""
        path = self.root.parent / f"{name}{version[0]}.{version[1]}"
        words = {"real": sys.executable, "question": "exec(sys.argv[1])"}
        numbers = ", ".join(map(str, version))
        path.write_text(PLAYER.format(path=path, version=numbers, **words))
        path.chmod(0o755)
        return path

    def make(self, *words: str, python=None) -> tuple[int, str]:
        """Run make with these words; its exit code and what it printed."""
        # This may run inside make, whose own flags are not for this make.
        settings = {k: v for k, v in os.environ.items() if not OF_MAKE.fullmatch(k)}
        done = subprocess.run(
            ["make", *words],
            cwd=self.root,
            env={**settings, "PYTHON": str(python or self.python)},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def calls(self) -> list[str]:
        """How Python and uv were called since the last time that one asked."""
        log = self.root / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def fresh(tmp_path):
    """A course as git clones it, in a folder with a space in its name."""
    return Course(tmp_path / "a course")


@pytest.fixture
def course(fresh):
    """A course whose `.venv` is whole."""
    assert fresh.make("lab")[0] == 0
    assert fresh.calls() == [VENV, PIP, LAB]
    return fresh


def test_a_fresh_clone_is_installed_and_a_second_call_does_nothing(course):
    assert course.make("lab") == (0, "")
    assert course.calls() == [LAB]


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_a_changed_list_is_installed_over_what_is_there(course, name):
    later = (course.root / ".venv" / "installed").stat().st_mtime + 1
    os.utime(course.root / name, (later, later))
    course.make("lab")
    assert course.calls() == [PIP, LAB]


@pytest.mark.parametrize("end", ["exit 1", "kill -9 $$", "kill -9 $PPID; exit 1"])
def test_a_failed_or_killed_install_goes_on(fresh, end):
    (fresh.root / "pip-does").write_text(end)
    for calls in ([VENV, PIP], [PIP]):
        code, _ = fresh.make("lab")
        assert (code != 0, fresh.calls()) == (True, calls)
    (fresh.root / "pip-does").unlink()
    assert fresh.make("lab")[0] == 0
    assert fresh.calls() == [PIP, LAB]


def test_a_half_made_environment_is_made_anew(fresh):
    (fresh.root / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(fresh.python, fresh.root / ".venv" / "bin" / "python")
    fresh.make("lab")
    assert fresh.calls() == [VENV, PIP, LAB]


def test_a_moved_clone_gets_a_new_environment(course, tmp_path):
    course.root = course.root.rename(tmp_path / "elsewhere")
    course.make("lab")
    assert course.calls() == [VENV, PIP, LAB]
    assert course.make("lab") == (0, "")


def test_an_environment_that_lost_its_python_is_made_anew(course):
    program = course.root / ".venv" / "bin" / "python"
    program.unlink()
    program.symlink_to("/no/such/python")
    course.make("lab")
    assert course.calls() == [VENV, PIP, LAB]


def test_an_environment_made_by_hand_is_kept(course):
    (course.root / ".venv" / "installed").unlink()
    (course.root / ".venv" / "no-pip").touch()
    course.make("lab")
    assert course.calls() == ["-m ensurepip", PIP, LAB]


def test_an_environment_made_by_hand_with_an_old_python_is_replaced(course):
    (course.root / ".venv" / "installed").unlink()
    shutil.copy(course.play("python", (3, 9)), course.root / ".venv" / "bin" / "python")
    course.make("lab")
    assert course.calls() == [VENV, PIP, LAB]


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 14)])
def test_an_unsupported_python_is_one_sentence(fresh, version):
    old = fresh.play("python", version)
    code, printed = fresh.make("lab", python=f"no-such-python {old}")
    assert code != 0
    assert "The course needs Python 3.10 to 3.13, and none of these is one" in printed
    assert str(old) in printed and "then type the same command again" in printed
    assert fresh.calls() == [] and not (fresh.root / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 10), (3, 13)])
def test_the_first_supported_python_is_taken(fresh, version):
    old, right = fresh.play("old", (3, 9)), fresh.play("right", version)
    _, printed = fresh.make(
        "lab", python=f"no-such-python {old} {right} {fresh.python}"
    )
    assert f"Making .venv with {right} ..." in printed


@pytest.fixture
def with_uv(course):
    """A course whose `.venv` has a played uv."""
    shutil.copy(course.python, course.root / ".venv" / "bin" / "uv")
    return course


def test_both_ends_of_the_ranges_are_tested_and_nothing_is_left(with_uv):
    code, printed = with_uv.make("test-range")
    assert code == 0, printed
    calls = " ".join(with_uv.calls())
    for name, resolution in (("oldest", "lowest-direct"), ("newest", "highest")):
        assert f".venvs/{name} --resolution {resolution} -r requirements.txt" in calls
    assert calls.count("-m pytest -m not browser") == 2
    assert not (with_uv.root / ".venvs").exists()


def test_when_one_end_fails_the_other_is_tested_and_they_are_kept(with_uv):
    (with_uv.root / "pytest-fails").touch()
    assert with_uv.make("test-range")[0] != 0
    assert " ".join(with_uv.calls()).count("-m pytest") == 2
    assert {path.name for path in (with_uv.root / ".venvs").iterdir()} == {
        "oldest",
        "newest",
    }


def test_clean_leaves_what_a_learner_made(course):
    kept = [course.root / ".progress" / "1.2", course.root / "chapters" / "mine.py"]
    gone = [course.root / "chapters" / ".pytest_cache", course.root / "a.egg-info"]
    for folder in [*gone, *(path.parent for path in kept)]:
        folder.mkdir(parents=True, exist_ok=True)
    for path in kept:
        path.touch()
    assert course.make("clean")[0] == 0
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in [*gone, course.root / ".venv"])


def test_all_places_name_the_same_pythons():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "(3, 10) <= sys.version_info < (3, 14)" in makefile
    assert "PYTHON ?= python3.13 python3.12 python3.11 python3.10 " in makefile
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.10,<3.14"' in project
    workflow = (ROOT / ".github" / "workflows" / "course.yml").read_text("utf-8")
    assert '["3.10", "3.13"]' in workflow
    assert "Python 3.10 to 3.13" in (ROOT / "README.md").read_text("utf-8")


def test_make_help_names_every_target(fresh):
    listed = [line.split()[1] for line in fresh.make()[1].splitlines()]
    text = (ROOT / "Makefile").read_text("utf-8")
    inside = {"again", "oldest", "newest"}
    declared = re.search(r"\.PHONY:((?:[\w\s-]|\\\n)*?)\n\.", text).group(1).split()
    assert set(listed) == {name for name in declared if name != "\\"} - inside
    assert len(listed) == len(set(listed))
