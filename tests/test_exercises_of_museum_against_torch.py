"""The worked solutions of chapter 16 against exhibits that were run, and PyTorch."""

import pytest
import torch
from torch.nn import functional as F

from helpers import museum
from helpers.exercises.chapter_16.e1_name_it import CAUSES
from helpers.exercises.chapter_16.e2_where_the_cycle_begins import cleared_in_between
from helpers.exercises.chapter_16.e3_three_floors import lowest
from helpers.exercises.chapter_16.e4_silent_on_health import EXERCISE, reads_a_sum

CLUES = {  # exercise 16.1: what is told of a loop, as an exhibit of that cause answers
    "a": (18, "nodes", "none: the loss has no history"),
    "b": (31, "loss_input", "each row adds up to 1"),
    "c": (11, "calls", "zero_grad 120, forward 160, backward 120, step 40"),
    "d": (26, "owners", "the optimizer holds 2, 2 of them"),
    "e": (20, "nodes", "7 at the first call, 62 at call 12"),
    "f": (14, "modes", "30 x eval mode, with gradients"),
    "g": (36, "finite", "at step 10; the weights were 2 times as long"),
    "h": (40, "calls", "step 60, scheduler.step 60"),
}


@pytest.mark.parametrize("letter", CAUSES)
def test_each_clue_is_one_of_an_exhibit_with_that_cause(letter):
    number, question, words = CLUES[letter]
    visit = museum.visit(number)
    assert visit.exhibit.key == CAUSES[letter]
    assert words in visit.ask(question)


@pytest.mark.parametrize("number", range(1, 9))
def test_only_the_exhibit_that_clears_too_soon_is_named(number):
    visit = museum.visit(number)
    kinds = ("zero_grad", "forward", "backward", "step")
    events = [(event.kind, event.place[1]) for event in visit.run.story.of(*kinds)]
    lines = cleared_in_between(events)
    expected = 40 * [6] if visit.exhibit.key == "zero-grad-before-step" else []
    assert lines == expected


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_floors_are_the_losses_of_the_best_outputs(classes):
    targets = torch.arange(classes)
    best = F.one_hot(targets, classes).double()
    assert F.cross_entropy(best, targets).item() == pytest.approx(
        lowest("softmax", classes)
    )
    constant = torch.zeros(classes, classes).double()
    assert F.cross_entropy(constant, targets).item() == pytest.approx(
        lowest("constant", classes)
    )
    sides = torch.tensor([0.0, 1.0]).double()
    assert F.binary_cross_entropy_with_logits(sides, sides).item() == pytest.approx(
        lowest("sigmoid", classes)
    )


@pytest.mark.parametrize("number", range(10))
def test_a_sum_is_what_lies_in_grad(number):
    (events,) = EXERCISE.cases()[number]
    weights = {name: torch.zeros(1, requires_grad=True) for name in ("G", "D")}
    new, lines = dict.fromkeys(weights, 0.0), []
    for kind, owners, line in events:
        if kind == "backward":
            sum(weights[name].sum() for name in owners).backward()
        for name in owners:
            if kind == "zero_grad":
                weights[name].grad, new[name] = None, 0.0
            elif kind == "backward":
                new[name] += 1.0
            elif new[name] > 0.0:
                if weights[name].grad.item() > new[name]:
                    lines.append(line)
                new[name] = 0.0
    assert reads_a_sum(events) == lines
