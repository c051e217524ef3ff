"""`.venv` is made, refreshed and repaired; what goes wrong ends in one sentence.

The installations are real, the packages are stand-ins; after the first tests, a new
environment is a copy of an empty one, which saves seconds.
"""

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from stand_ins import SmallCourse

from tools import interpreter
from tools.state import ROOT
from tools.trouble import Trouble

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
BEFORE_THE_INSTALL = (
    *("browser", "clean", "environment", "installer", "interpreter", "lock", "state"),
    *("trouble", "__init__"),
)
READY = "The environment is ready."


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An empty environment, to be copied."""
    folder = tmp_path_factory.mktemp("empty environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def made_by_two(tmp_path_factory, template):
    """A small course, and what two commands printed that made it at the same time."""
    course = SmallCourse(tmp_path_factory.mktemp("course") / "small course", template)
    both = [course.start("-c", "print(42)") for _ in range(2)]
    printed = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], printed
    return course, printed


@pytest.fixture
def course(made_by_two):
    """The small course; the tests break it and see it repaired."""
    course, _ = made_by_two
    course.require("standin>=1,<2")
    code, printed = course.run()
    assert code == 0, printed
    return course


def assert_repaired(course, reason):
    """The next call says this reason, repairs, and the one after it has no work."""
    code, printed = course.run()
    assert (code, reason in printed, printed.endswith(READY)) == (0, True, True), (
        printed
    )
    assert course.run() == (0, "")


def assert_gives_up(outcome, sentence):
    """The call ended with exit code 1 and this sentence, not with a traceback."""
    code, printed = outcome
    assert code == 1 and sentence in printed, printed
    assert "then type the same command again" in printed
    assert "Traceback" not in printed


def test_the_first_call_makes_it_the_second_has_no_work_a_move_makes_it_anew(
    tmp_path, template
):
    course = SmallCourse(tmp_path / "before")
    code, printed = course.run("-c", "print(6 * 7)")
    assert code == 0
    assert printed.startswith("There is no .venv yet. Making .venv with")
    assert printed.endswith(f"{READY} 42")
    assert course.run("-c", "print(6 * 7)") == (0, "42")
    (tmp_path / "before").rename(tmp_path / "after")
    moved = SmallCourse(tmp_path / "after", template)
    assert_repaired(moved, "The .venv was made in another folder. Making .venv with")


def test_the_words_run_in_the_environment_and_their_exit_code_is_ours(course):
    assert course.run("-c", "import sys; sys.exit(7)")[0] == 7
    _, prefix = course.run("-c", "import sys; print(sys.prefix)")
    assert Path(prefix) == course.venv
    _, found = course.run("-c", "import shutil; print(shutil.which('python'))")
    assert Path(found).parent == course.python.parent


def test_changed_requirements_are_installed(course):
    course.require("standin>=1,<2", "# one more line")
    assert_repaired(course, "requirements.txt or pyproject.toml changed.")


def test_a_constraint_counts_only_where_it_is_set(course):
    constraint = course.root / "constraints.txt"
    constraint.write_text("standin==1.0\n")
    code, printed = course.run(PIP_CONSTRAINT="constraints.txt")
    assert (code, printed.split(". ")[0]) == (0, "PIP_CONSTRAINT changed")
    assert course.run() == (0, "")


def test_packages_added_by_hand_stay_and_need_no_pip(course):
    (course.packages / "learner.py").touch()
    code, printed = course.run(**course.failing_pip("pip must not run"))
    assert (code, printed) == (0, f"Packages in .venv were changed by hand. {READY}")
    assert (course.packages / "learner.py").exists()


def test_an_environment_made_by_hand_is_taken_over(course):
    (course.venv / "whole.json").unlink()
    code, printed = course.run(**course.failing_pip("pip must not run"))
    assert (code, printed) == (0, f"The .venv was not made by this command. {READY}")


def test_a_package_that_was_removed_comes_back(course):
    (course.packages / "torch.py").unlink()
    assert_repaired(course, "The .venv is not whole: torch is missing.")
    assert (course.packages / "torch.py").exists()


def test_a_package_out_of_its_bounds_is_replaced(course):
    old = course.packages / "standin-1.0.dist-info"
    (old / "METADATA").write_text("Name: standin\nVersion: 0.5\n")
    old.rename(course.packages / "standin-0.5.dist-info")
    assert_repaired(course, "Packages in .venv were changed by hand.")


def test_a_package_that_does_not_import_is_seen(course):
    (course.packages / "numpy.py").write_text("raise OSError('no such library')")
    code, printed = course.run(**course.failing_pip("ERROR: no"))
    assert "numpy does not import (OSError: no such library)" in printed
    assert code == 1
    (course.packages / "numpy.py").write_text("")
    assert course.run()[0] == 0


def test_a_python_that_does_not_start_is_replaced(course):
    course.python.unlink()
    if os.name == "nt":
        course.python.write_text("not a program")
    else:
        course.python.symlink_to("/no/such/python")
    assert_repaired(course, "The .venv is broken: its Python does not start.")


def test_a_half_made_installation_is_thrown_away(course):
    (course.venv / "started.json").write_text('{"packages": "fewer"}')
    assert_repaired(course, "The last installation was stopped half-way.")


def test_no_network_is_one_sentence_and_harms_nothing(course):
    course.require("standin", "absent>=1")
    nobody = "http://127.0.0.1:9/simple"
    settings = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": nobody, "PIP_RETRIES": "1"}
    outcome = course.run(**settings)
    assert_gives_up(outcome, "No network: the package index cannot be reached.")
    assert ".install" in outcome[1] and "pip.log" in outcome[1]
    assert "absent" in (course.root / ".install" / "pip.log").read_text()
    course.require("standin>=1,<2")
    assert "stopped half-way" not in course.run()[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: [Errno 28] No space left on device", "The disk is full:"),
        ("ERROR: Could not install: Permission denied", "A file in this folder"),
        ("ERROR: ResolutionImpossible: see above", "contradict each other"),
        ("ERROR: No matching distribution found for torch<3", "No release of torch<3"),
        ("ERROR: something never seen before", "something never seen before"),
    ],
)
def test_what_pip_complains_of_becomes_a_sentence(course, words, sentence):
    (course.root / "pyproject.toml").write_text(f"# {words}")
    assert_gives_up(course.run(**course.failing_pip(words)), sentence)


def test_two_commands_at_once_install_once(made_by_two):
    _, printed = made_by_two
    assert sum("Making .venv" in text for text in printed) == 1
    assert all(text.endswith("42\n") for text in printed)


@POSIX
def test_a_killed_installation_leaves_no_trace(course):
    """pip hangs on an index that never answers; its parent, then pip, are killed."""
    course.require("standin", "absent>=1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        first = course.start(PIP_NO_INDEX="0", PIP_INDEX_URL=index)
        connection, _ = silent.accept()
        first.kill()
        first.wait()
        first.stdout.close()
        course.require("standin>=1,<2", "# again")
        # pip outlives its parent, and the next command waits for it.
        second = course.start()
        assert "waiting until it is done" in second.stdout.readline()
        assert second.poll() is None
        connection.close()
    printed, _ = second.communicate(timeout=120)
    assert second.returncode == 0 and READY in printed
    assert course.run() == (0, "")


@POSIX
def test_ctrl_c_stops_an_installation_without_a_traceback(course):
    course.require("standin", "absent>=2")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        process = course.start(PIP_NO_INDEX="0", PIP_INDEX_URL=index)
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=60)
        connection.close()
    assert process.returncode == 130
    assert printed.endswith("Stopped. Type the same command again to go on.\n")
    course.require("standin>=1,<2")
    assert "half-way" not in course.run()[1]


def test_an_unsupported_python_is_one_sentence(monkeypatch):
    monkeypatch.setattr(interpreter, "candidates", lambda: iter([["old"], ["none"]]))
    answers = {"old": "3 9 /usr/bin/python3.9", "none": ""}
    monkeypatch.setattr(interpreter, "ask", lambda command, _: answers[command[0]])
    with pytest.raises(Trouble, match="3.10 to 3.13; this machine has Python 3.9"):
        interpreter.find()


def test_a_python_without_venv_is_one_sentence(monkeypatch):
    answers = iter(["3 12 /usr/bin/python3.12", ""])
    monkeypatch.setattr(interpreter, "candidates", lambda: iter([["python3"]]))
    monkeypatch.setattr(interpreter, "ask", lambda *_: next(answers))
    with pytest.raises(Trouble, match="apt install python3.12-venv"):
        interpreter.find()


@pytest.mark.parametrize("name", BEFORE_THE_INSTALL)
def test_what_runs_before_the_install_starts_on_an_old_python(name):
    text = Path(ROOT, "tools", f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = {alias.name for node in imports for alias in node.names}
    froms = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = {module for module in froms if module.split(".")[0] == "tools"}
    assert modules | set(froms) - ours <= sys.stdlib_module_names
    assert ours <= {"tools"} | {f"tools.{other}" for other in BEFORE_THE_INSTALL}


def test_all_places_name_the_same_pythons():
    low, high = interpreter.OLDEST, interpreter.NEWEST
    project = Path(ROOT, "pyproject.toml").read_text(encoding="utf-8")
    bounds = f">={low[0]}.{low[1]},<{high[0]}.{high[1] + 1}"
    assert f'requires-python = "{bounds}"' in project
    course = Path(ROOT, ".github", "workflows", "course.yml").read_text("utf-8")
    assert f'["{low[0]}.{low[1]}", "{high[0]}.{high[1]}"]' in course
    readme = Path(ROOT, "README.md").read_text(encoding="utf-8")
    assert f"Python {low[0]}.{low[1]} to {high[0]}.{high[1]}" in readme


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_help_names_every_target():
    # This may run inside make, whose own flags are not for this make.
    settings = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    listed = subprocess.check_output(["make"], cwd=ROOT, env=settings, text=True)
    targets = [line.split()[1] for line in listed.splitlines()]
    assert targets == "help lab test browser chapters lint bench clean".split()
