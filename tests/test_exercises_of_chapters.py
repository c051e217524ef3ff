"""Every exercise of the course keeps its promises, in code and in its notebook."""

import importlib
import inspect
import json
import re
import types
from pathlib import Path

import pytest
from torch.optim.optimizer import _global_optimizer_pre_hooks

from helpers.exercises import check, verdict
from helpers.exercises.catalogue import chapters, exercises_of
from helpers.exercises.progress import solved
from tests.chapter_exercises import exercises_in, names_above

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
EXERCISES = [each for chapter in chapters() for each in exercises_of(chapter)]
MISTAKES = [(each, mistake) for each in EXERCISES for mistake in each.mistakes]
each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES, ids=lambda exercise: exercise.number
)


def notebook_of(exercise):
    paths = list(CHAPTERS.glob(f"{exercise.chapter:02d}_*.ipynb"))
    assert len(paths) == 1, f"chapter {exercise.chapter} has no notebook of its own"
    return paths[0]


def written(exercise):
    return exercises_in(notebook_of(exercise))[exercise.number]


@pytest.mark.parametrize("chapter", chapters())
def test_numbers_are_consecutive(chapter):
    numbers = [each.number for each in exercises_of(chapter)]
    assert numbers == [f"{chapter}.{i}" for i in range(1, len(numbers) + 1)]
    assert 4 <= len(numbers) <= 6


@each_exercise
def test_the_solution_is_right(exercise):
    found = verdict(exercise.number, exercise.solution)
    assert found.status == "correct", found.text


@each_exercise
def test_there_are_two_mistakes_with_messages_that_end(exercise):
    messages = {mistake.message for mistake in exercise.mistakes}
    assert len(messages) >= 2
    assert all(message[-1] in ".:?" for message in messages)


@pytest.mark.parametrize(
    "exercise, mistake",
    MISTAKES,
    ids=[f"{exercise.number}-{exercise.mistakes.index(m)}" for exercise, m in MISTAKES],
)
def test_each_mistake_gets_exactly_its_message(exercise, mistake):
    found = verdict(exercise.number, mistake.answer)
    assert found.status == "mistake", found.text
    words = f"{exercise.number} · not yet. {mistake.message}".split()
    assert found.text.split() == words


@each_exercise
def test_an_empty_answer_is_open(exercise):
    def empty(*arguments): ...

    stubs = [...] + [empty] * callable(exercise.solution)
    for stub in [*stubs, *[exercise.starting_point] * bool(exercise.starting_point)]:
        assert verdict(exercise.number, stub).text == f"{exercise.number} · your turn"


@pytest.mark.parametrize("chapter", chapters())
def test_the_notebook_has_these_exercises_and_no_others(chapter):
    exercises = exercises_of(chapter)
    found = exercises_in(notebook_of(exercises[0]))
    titles = {number: each.title for number, each in found.items()}
    assert titles == {each.number: each.title for each in exercises}


def visible_text(path):
    """What a notebook shows while nothing is unfolded, without spaces."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    return squeezed(re.sub(r"<details>.*?</details>", "", text, flags=re.S))


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_no_solution_stands_outside_its_folded_cell(exercise):
    """Neither the body of a function nor the value, in a cell or in the text."""
    solution = written(exercise).solution
    is_value = not solution.startswith(("def ", "class "))
    hidden = solution if is_value else solution.split(":\n", 1)[1]
    assert squeezed(hidden) not in visible_text(notebook_of(exercise))


def given_above(exercise):
    """Functions and classes of the notebook that can take the answer's place."""
    names = names_above(notebook_of(exercise))
    kind = type if isinstance(exercise.solution, type) else types.FunctionType
    for name, value in names.items():
        if isinstance(value, kind) and name != written(exercise).name:
            yield name, value


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)
def test_nothing_that_the_notebook_gives_is_an_answer(exercise, monkeypatch):
    monkeypatch.setattr("helpers.exercises.judge.explained", lambda *_: (None, False))
    if callable(exercise.solution):
        count = arity(exercise.solution)
        for name, value in given_above(exercise):
            if arity(value) == count:
                assert verdict(exercise.number, value).status != "correct", name
    assert not _global_optimizer_pre_hooks  # for all: the next tests would meet it


def arity(function):
    try:
        return len(inspect.signature(function).parameters)
    except ValueError:  # a class of torch's
        return None


@pytest.mark.parametrize("chapter", chapters())
def test_a_learner_goes_from_stub_to_solution(chapter, capsys, monkeypatch, tmp_path):
    """Runs each cell as it is, then with two mistakes, then with the solution."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path))
    module = importlib.import_module("helpers.exercises.progress")
    monkeypatch.setattr(module, "_seen", set())
    names = names_above(notebook_of(exercises_of(chapter)[0]))
    for exercise in exercises_of(chapter):
        cell = written(exercise)
        wrong = [exercise.mistakes[0].answer, exercise.mistakes[-1].answer]
        exec(cell.stub, names)
        said = checked(exercise.number, names[cell.name], capsys)
        assert said == cell.output == f"{exercise.number} · your turn\n"
        for answer in wrong:
            assert " · not yet. " in checked(exercise.number, answer, capsys)
        assert exercise.number not in solved()
        exec(cell.solution, names)
        said = checked(exercise.number, names[cell.name], capsys)
        assert said.startswith(f"{exercise.number} · correct"), said
        assert exercise.number in solved()


def checked(number, answer, capsys):
    check(number, answer)
    return capsys.readouterr().out


HEADING = "Words.\n\n### Exercise 9.1 · Speed (5 minutes)\n\nWrite it."
STUB = 'def speed(d, t):\n    ...  # your turn\n\n\ncheck("9.1", speed)'
FOLDED = (
    "<details>\n<summary>Hint</summary>\n\n```python\nd = 1\n```\n\n</details>\n\n"
    "<details>\n<summary>Worked solution</summary>\n\nDivide.\n\n```python\n"
    "def speed(d, t):\n    return d / t\n```\n\n</details>"
)


@pytest.fixture
def notebook(tmp_path):
    """A notebook of markdown and code cells in turn, written to a file."""

    def write(*sources):
        cells = [
            {"cell_type": kind, "source": source, "outputs": []}
            for kind, source in sources
        ]
        path = tmp_path / "09_speed.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return path

    return write


def test_an_exercise_is_read_with_all_its_parts(notebook):
    path = notebook(("markdown", HEADING), ("code", STUB), ("markdown", FOLDED))
    found = exercises_in(path)["9.1"]
    assert (found.title, found.name) == ("Speed", "speed")
    assert found.stub == "def speed(d, t):\n    ...  # your turn\n\n\n"
    assert found.solution == "def speed(d, t):\n    return d / t\n"


@pytest.mark.parametrize(
    "stub, folded, words",
    [
        (STUB.replace("9.1", "9.2"), FOLDED, "has no check"),
        ("speed = 3", FOLDED, "has no check"),
        (STUB, FOLDED.replace("Worked", "No"), "no ```python block"),
        (STUB, "<details>", "no ```python block"),
    ],
)
def test_a_missing_part_is_named(notebook, stub, folded, words):
    path = notebook(("markdown", HEADING), ("code", stub), ("markdown", folded))
    with pytest.raises(ValueError, match=f"exercise 9.1: .*{words}"):
        exercises_in(path)


def test_names_come_from_imports_definitions_and_constants(notebook):
    path = notebook(
        ("code", "import math\nTWO = 2\nprint(1 / 0)\nx = undefined()"),
        ("code", "def half(x):\n    return x / TWO"),
        ("code", STUB),
    )
    names = names_above(path)
    assert names["half"](3) == 1.5 and names["math"].pi > 3
    assert "x" not in names and "speed" not in names
