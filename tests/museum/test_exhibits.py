"""Every exhibit is broken as it says, named by the doctor, and healed by its fix."""

import pytest

from helpers import museum
from helpers.loop import doctor
from helpers.museum.causes import CAUSES
from helpers.museum.questions import QUESTIONS
from helpers.museum.runs import shows, tail

each_exhibit = pytest.mark.parametrize(
    "visit",
    [museum.visit(exhibit.number) for exhibit in museum.EXHIBITS],
    ids=lambda visit: f"{visit.exhibit.number}-{visit.exhibit.key}",
)


def test_three_rooms_hold_thirty_exhibits_and_more():
    assert list(museum.ROOMS) == ["order", "links", "numbers"]
    assert len(museum.EXHIBITS) >= 30
    assert min(map(len, museum.ROOMS.values())) >= 10
    assert len({exhibit.key for exhibit in museum.EXHIBITS}) >= 30


@each_exhibit
def test_it_shows_its_symptom_and_its_fix_does_not(visit):
    exhibit = visit.exhibit
    assert shows(exhibit.symptom, visit.run, visit.mended, exhibit.damage)
    assert exhibit.symptom in museum.SYMPTOMS
    assert not shows(exhibit.symptom, visit.mended, visit.mended, exhibit.damage)


@each_exhibit
def test_the_doctor_names_it_first_and_its_line(visit):
    found = visit.run.findings
    assert found, "nothing was found"
    assert found[0].key == visit.exhibit.key
    assert found[0].place[0] == visit.exhibit.file
    assert found[0].place[1] in visit.exhibit.guilty_lines


@each_exhibit
def test_the_fix_is_healthy(visit):
    assert visit.mended.error is None
    assert visit.mended.findings == []
    assert tail(visit.mended.losses) < visit.mended.losses[0]
    assert visit.outcome == "its loss falls, and the doctor is silent"


@each_exhibit
def test_it_is_a_short_loop_with_everything_beside_it(visit):
    exhibit = visit.exhibit
    assert 5 <= len(exhibit.lines) <= 25
    assert max(map(len, exhibit.lines)) <= 88
    assert len(exhibit.guilty_lines) >= len(exhibit.guilty) > 0
    assert exhibit.seen >= 1
    assert exhibit.reports
    assert exhibit.symptom != "hidden" or exhibit.damage
    assert exhibit.key in doctor.KEYS


@each_exhibit
def test_every_clue_has_an_answer(visit):
    assert set(visit.exhibit.clues) <= QUESTIONS.keys()
    assert visit.questions
    for name in visit.questions:
        answer = visit.ask(name)
        assert answer and "gives None" not in answer and "was seen" not in answer


@each_exhibit
def test_every_wrong_cause_is_told_what_it_predicts(visit):
    exhibit = visit.exhibit
    assert len(exhibit.causes) >= 3
    line = min(exhibit.guilty_lines)
    for cause in exhibit.causes:
        said = " ".join(visit.judge(line, cause).split())
        if cause == exhibit.key:
            assert said.startswith("The cause is right, and so is the line.")
            assert exhibit.why in said
        else:
            assert said.startswith("The line is right, the cause is not.")
            assert CAUSES[cause].predicts in said
            assert "Here: " in said


@each_exhibit
def test_the_right_cause_at_another_line_is_sent_on(visit):
    others = set(range(1, len(visit.exhibit.lines) + 1)) - visit.exhibit.guilty_lines
    assert "the line is not" in visit.judge(min(others), visit.exhibit.key)


def test_the_answers_to_a_look_alike_differ():
    """A pair with one symptom is told apart by a question that both are asked."""
    for symptom in ("flat", "worse", "grows", "raises"):
        alike = [e for e in museum.EXHIBITS if e.symptom == symptom]
        for one in alike:
            for other in alike:
                if one.key < other.key and one.key in other.suspects:
                    question = CAUSES[one.key].question
                    answers = {
                        museum.visit(each.number).ask(question) for each in (one, other)
                    }
                    assert len(answers) == 2, (one.number, other.number, question)


def test_causes_are_keys_of_the_doctor_and_have_a_question():
    assert CAUSES.keys() <= set(doctor.KEYS)
    assert {exhibit.key for exhibit in museum.EXHIBITS} <= CAUSES.keys()
    assert {cause.question for cause in CAUSES.values()} <= QUESTIONS.keys()
    assert {cause.also for cause in CAUSES.values()} <= {*QUESTIONS, ""}
    assert {key for e in museum.EXHIBITS for key in e.suspects} <= CAUSES.keys()
