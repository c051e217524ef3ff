"""Visits by code and by buttons: what they show, and what they refuse."""

import subprocess
import sys

import pytest
import torch

from helpers import museum
from helpers.museum import showcase
from helpers.museum.exhibit import Exhibit
from helpers.museum.questions import ask


def test_a_visit_shows_the_loop_with_numbered_lines():
    shown = repr(museum.visit(3)).splitlines()
    assert shown[0].startswith("Exhibit 3. ")
    assert shown[7] == "  6      optimizer.zero_grad()"


@pytest.mark.parametrize("number", [0, 47, "3", None])
def test_a_number_without_an_exhibit_is_refused(number):
    with pytest.raises(ValueError, match="there are exhibits 1 to 46"):
        museum.visit(number)


def test_a_question_that_nobody_can_answer_is_refused():
    with pytest.raises(ValueError, match="'why' is no question; ask one of calls"):
        museum.visit(3).ask("why")


@pytest.mark.parametrize(
    "number, question, answer",
    [
        (16, "moved", "moved: (3, 6), (3,); never: (6, 8), (6,)"),
        (25, "reached", "a gradient: (4, 8), (4,), (3, 4), (3,)"),
        (26, "owners", "6 tensors are used; the optimizer holds 2, 2 of them"),
        (35, "shapes", "(240, 1) less (240,) gives (240, 240)"),
        (34, "loss_input", "nll_loss: from 0.0 to 1.0; each row adds up to 1"),
    ],
)
def test_answers_hold_what_the_chapter_reads_from_them(number, question, answer):
    assert museum.visit(number).ask(question).startswith(answer)


@pytest.mark.parametrize("line, cause", [(0, "lr-zero"), (99, "lr-zero"), (3, "bad")])
def test_a_verdict_that_is_none_is_refused(line, cause):
    with pytest.raises(ValueError, match="give a line from 1 to 8"):
        museum.visit(3).judge(line, cause)


def test_a_run_leaves_generator_threads_and_torch_as_they_were():
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    original = torch.autograd.backward
    museum.run("losses.append(torch.randn(1).item())", "fresh.py")
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert torch.autograd.backward is original


def test_a_loop_of_ones_own_is_examined_too():
    source = museum.EXHIBITS[0].source.replace("lr=0.1", "lr=0.05")
    assert museum.run(source, "mine.py").findings[0].key == "zero-grad-missing"


def test_a_fix_must_stand_in_its_loop_once():
    given = (
        "t",
        "lr-zero",
        "a = 0\na = 0\n",
        ("a = 0",),
        (("a = 0", "a = 1"),),
        "flat",
    )
    exhibit = Exhibit(*given, (), (), "", 1, ())
    with pytest.raises(ValueError, match="stands there 2 times"):
        _ = exhibit.fixed


def test_an_exhibit_is_a_script_of_its_own(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(museum.EXHIBITS[2].script + "print(len(losses))\n")
    command = [sys.executable, str(script)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert told.stdout == "40\n"


@pytest.mark.parametrize("number", range(1, len(museum.EXHIBITS) + 1))
def test_the_showcase_draws_every_exhibit(number):
    glass = showcase.Showcase(number)
    assert glass.error is None
    assert glass.exhibit.value == number
    assert len(glass.clue.options) == len(glass.visit.questions)


def test_buttons_do_what_a_visit_does():
    glass = showcase.Showcase(24, exhibits=[3, 24])
    visit = museum.visit(24)
    glass.cause.value = "optimizer-wrong-params"
    glass.press("judge")
    assert glass.said.startswith("Choose a line first")
    before = glass.png
    glass.line.value = 6
    assert glass.png != before, "the chosen line is not marked"
    glass.press("judge")
    assert glass.said == visit.judge(6, "optimizer-wrong-params")
    glass.press("doctor")
    assert glass.said == visit.doctor()
    glass.press("fix")
    assert glass.said == visit.fix()
    assert "aria-live" in glass._text.value
    glass.go_to(3)
    assert glass.line.value == 0
    assert glass.visit.exhibit.number == 3
    with pytest.raises(ValueError, match="exhibit = 5"):
        glass.go_to(5)


def test_the_picture_is_told_to_those_who_do_not_see_it():
    told = showcase.Showcase(3)._image.tooltip
    assert "optimizer.zero_grad()" in told
    assert "ends at 1.1" in told


def test_answers_where_there_is_nothing_to_measure():
    run = museum.run("losses.append(0.0)", "empty.py")
    assert ask(run, "found") == "no step"
    assert ask(run, "rates") == "no step"
    assert ask(run, "update") == "no step"
    assert ask(run, "dead") == "there is no ReLU"
    assert ask(run, "end") == "as planned"
    assert ask(run, "fed") == "nothing"
    assert ask(run, "order") == ""
    assert ask(run, "moved") == "no parameter was seen"
