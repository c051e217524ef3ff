"""Functions of a notebook become a program, which ends, fails or is killed."""

import linecache
import time

from helpers.processes import run_program, write_program

COUNT = """
import sys, time

def count(last):
    for number in range(last):
        print(number, flush=True)
        time.sleep(0.01)
"""


def cell(source, name):
    """The functions of a cell, as a kernel makes them."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names = {}
    exec(compile(source, name, "exec"), names)
    return names


def program(folder, call):
    count = cell(COUNT, "<cell 1>")["count"]
    twice = cell("def twice(x):\n    return 2 * x\n", "<cell 2>")["twice"]
    path = folder / "program.py"
    write_program(path, [count, twice, count], imports="import sys", call=call)
    return path


def test_each_cell_comes_once_and_whole(tmp_path):
    text = program(tmp_path, "count(1)").read_text()
    assert text.count("def count") == text.count("def twice") == 1
    assert text.startswith("import sys\n") and text.endswith("count(1)\n")
    assert "import sys, time" in text


def test_it_ends_by_itself_with_its_arguments(tmp_path):
    path = program(tmp_path, "count(twice(int(sys.argv[1])))")
    assert run_program(path, 2) == 0


def test_what_it_raises_is_its_exit_code(tmp_path):
    assert run_program(program(tmp_path, "sys.exit(3)")) == 3


def test_it_is_killed_at_a_number(tmp_path):
    started = time.perf_counter()
    assert run_program(program(tmp_path, "count(100_000)"), kill_at=5) != 0
    assert time.perf_counter() - started < 60


def test_it_finds_the_course(tmp_path):
    assert run_program(program(tmp_path, "import helpers.data")) == 0
