"""Code that can be read: small functions, short files, docstrings on what is public."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["helpers", "tools"]
MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 40
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Function:
    """A function, where it stands, and its lines without the docstring."""

    name: str
    place: str
    lines: int


def functions_in(path: Path) -> list[Function]:
    """All functions and methods of a file, inner ones too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Function(node.name, f"{path.name}:{node.lineno}", _lines(node))
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    ]


def _lines(function):
    """The lines from `def` to the end, those of the docstring left out."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    text = function.body[0]
    return lines - (text.end_lineno - text.lineno + 1)


def files_in(folder):
    return sorted(folder.rglob("*.py"))


def too_long_files(folder):
    """Files over the limit, as sentences."""
    counts = {
        each: len(each.read_text("utf-8").splitlines()) for each in files_in(folder)
    }
    return [
        f"{path.name} has {lines} lines; at most {MOST_LINES_OF_A_FILE}: split it"
        for path, lines in counts.items()
        if lines > MOST_LINES_OF_A_FILE
    ]


def too_long_functions(folder):
    """Functions over the limit, as sentences."""
    return [
        f"{each.place} {each.name} has {each.lines} lines without its docstring; "
        f"at most {MOST_LINES_OF_A_FUNCTION}: give its parts names"
        for path in files_in(folder)
        for each in functions_in(path)
        if each.lines > MOST_LINES_OF_A_FUNCTION
    ]


def sizes_of(folder):
    """Median and 90th percentile of the lines of a function."""
    sizes = [each.lines for path in files_in(folder) for each in functions_in(path)]
    return median(sizes), quantiles(sizes, n=10)[8]


def ruff(*words):
    """What `ruff check` with our settings says of these files: exit code and text."""
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format=concise", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return answer.returncode, answer.stdout + answer.stderr


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_is_too_long(folder):
    assert too_long_files(ROOT / folder) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_function_is_too_long(folder):
    assert too_long_functions(ROOT / folder) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_most_functions_are_small(folder):
    middle, tenth = sizes_of(ROOT / folder)
    assert middle <= 9
    assert tenth <= 20


def test_test_files_have_names_of_their_own():
    names = sorted(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert names == sorted(set(names))


def test_ruff_has_nothing_to_say():
    code, printed = ruff()
    assert code == 0, printed


def function_of(lines, docstring_lines=0):
    """Source of a function with so many lines, its docstring not counted."""
    text = ['    """First line.'] + ["    more"] * (docstring_lines - 2) + ['    """']
    body = text * bool(docstring_lines) + ["    x = 1"] * (lines - 1)
    return "\n".join(["def f():", *body])


@pytest.mark.parametrize("lines, docstring_lines", [(41, 0), (41, 5)])
def test_a_long_function_is_found(tmp_path, lines, docstring_lines):
    file = tmp_path / "long.py"
    file.write_text(function_of(lines, docstring_lines))
    assert len(too_long_functions(tmp_path)) == 1
    file.write_text(function_of(lines - 1, docstring_lines))
    assert too_long_functions(tmp_path) == []


def test_a_long_function_inside_another_thing_is_found(tmp_path):
    inner = function_of(41).replace("\n", "\n        ")
    source = f"class A:\n    def g(self):\n        {inner}"
    (tmp_path / "long.py").write_text(source)
    found = too_long_functions(tmp_path)
    assert [sentence.split()[1] for sentence in found] == ["g", "f"]


def test_a_long_file_is_found(tmp_path):
    (tmp_path / "long.py").write_text("x = 1\n" * 251)
    (tmp_path / "short.py").write_text("x = 1\n" * 250)
    assert too_long_files(tmp_path) == ["long.py has 251 lines; at most 250: split it"]


def test_sizes_are_counted_over_all_files(tmp_path):
    for lines in range(2, 12):
        (tmp_path / f"{lines}.py").write_text(function_of(lines))
    assert sizes_of(tmp_path) == (6.5, pytest.approx(10.9))


def findings_in(folder, source):
    """The lines and rules that ruff names in a file of helpers with this source."""
    (folder / "bare.py").write_text(source)
    _, printed = ruff("--config=pyproject.toml", "--no-cache", str(folder))
    found = [line.split() for line in printed.splitlines() if "bare.py:" in line]
    return [(int(place.split(":")[-3]), rule) for place, rule, *_ in found]


BARE = '''def f():
    def inner():
        pass


class A:
    def g(self):
        pass

    @property
    def size(self):
        """Words."""

    @size.setter
    def size(self, size):
        pass

    def _h(self):
        pass

    def __len__(self):
        pass


class _Hidden:
    def k(self):
        pass
'''


def test_missing_docstrings_are_found(tmp_path):
    expected = [(1, "D100"), (1, "D103"), (6, "D101"), (7, "D102")]
    assert findings_in(tmp_path, BARE) == expected


def test_an_import_that_import_linter_cannot_see_is_found(tmp_path):
    source = '"""Words."""\n\nimport importlib\n\nimportlib.import_module("helpers")\n'
    assert findings_in(tmp_path, source) == [(5, "TID251")]
