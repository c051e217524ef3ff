"""An exercise is found by the number in the name of its file."""

import pytest

from helpers.exercises import catalogue

EXERCISE = """from helpers.exercises.exercise import Exercise

EXERCISE = Exercise("{number}", "Half", 0.5, lambda: [()], (), "1 / 2")
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Writes a course of chapter 09 with these files; gives the chapter's folder."""

    def write(package, **files):
        folder = tmp_path / package / "chapter_09"
        for name, number in files.items():
            path = folder / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(EXERCISE.format(number=number))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(catalogue, "PACKAGE", package)
        for each in (folder, folder.parent):
            (each / "__init__.py").touch()
        return folder

    return write


def test_files_are_read_by_their_numbers(course):
    course("by_number", e2_b="9.2", e10_c="9.10", e1_a="9.1", shared_walk="9.3")
    assert catalogue.chapters() == [9]
    numbers = [each.number for each in catalogue.exercises_of(9)]
    assert numbers == ["9.1", "9.2", "9.10"]
    assert catalogue.find("9.10").number == "9.10"
    assert catalogue.find("9.3") is None
    assert catalogue.nearest("9.9") == ["9.10", "9.2", "9.1"]


def test_an_exercise_may_be_a_folder(course):
    folder = course("in_folder", e1_a__exercise="9.1", e1_a__mistakes="9.7")
    words = "from in_folder.chapter_09.e1_a.exercise import EXERCISE"
    (folder / "e1_a" / "__init__.py").write_text(words)
    assert [each.number for each in catalogue.exercises_of(9)] == ["9.1"]


def test_a_number_that_is_not_that_of_the_file_is_refused(course):
    course("another_number", e1_a="9.2")
    with pytest.raises(ValueError, match="number = '9.2' .*e1_a; allowed is \"9.1\""):
        catalogue.find("9.1")
    assert catalogue.find("9.2") is None


NO_NUMBERS = ["1.99", "99.1", "one", "", "01.1", "1.01", 1.1, None]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_number_of_an_exercise_finds_none(number):
    assert catalogue.find(number) is None
