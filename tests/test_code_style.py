"""Code that can be read: small functions, short files, docstrings on what is public."""

from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.source_sizes import functions_in, undocumented_in

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["helpers", "tools"]
MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 40


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


def undocumented(folder):
    """Everything public without a docstring."""
    return undocumented_in(files_in(folder))


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


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_public_has_a_docstring(folder):
    assert undocumented(ROOT / folder) == []


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


def test_missing_docstrings_are_found(tmp_path):
    (tmp_path / "bare.py").write_text(
        "def f():\n    def inner(): pass\n"
        "class A:\n    '''Words.'''\n    def g(self): pass\n    def _h(self): pass\n"
        "def _private(): pass\n"
        "class _Hidden:\n    def k(self): pass\n"
    )
    assert undocumented(tmp_path) == ["bare.py", "bare.py:1 f", "bare.py:5 A.g"]


def test_what_a_base_class_or_a_getter_explains_needs_no_docstring(tmp_path):
    (tmp_path / "base.py").write_text(
        "'''Words.'''\nclass Base:\n    '''Words.'''\n    def f(self): '''Words.'''\n"
    )
    (tmp_path / "kind.py").write_text(
        "'''Words.'''\nfrom base import Base\nclass Kind(Base):\n    '''Words.'''\n"
        "    def f(self): pass\n    @size.setter\n    def size(self, size): pass\n"
        "    def own(self): pass\n"
    )
    assert undocumented(tmp_path) == ["kind.py:8 Kind.own"]
