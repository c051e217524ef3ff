"""The worked solutions of chapter 06 are right because PyTorch says so."""

import pytest
import torch

from helpers.exercises.chapter_06 import (
    e1_four_limits,
    e2_papers_place,
    e3_schedule,
)
from helpers.exercises.chapter_06.e4_whole_step import exercise as e4_whole_step
from tests.exercise_walks import parameter, walk

LIMITS = {
    "plain": {},
    "momentum": {"momentum": 0.5},
    "dampened": {"momentum": 0.5, "dampening": 0.5},
    "nesterov": {"momentum": 0.5, "nesterov": True},
}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("share, stays", [(0.99, True), (1.01, False)])
def test_limits_are_those_of_runs(name, share, stays):
    p = parameter(1.0, 1.0)
    lr = share * e1_four_limits.LIMITS[name]
    optimizer = torch.optim.SGD([p], lr=lr, **LIMITS[name])
    slopes = torch.tensor([2.0, 10.0])
    *_, _ = walk(optimizer, p, [lambda place: slopes * place] * 1500)
    assert (p.abs().max().item() < 1) == stays


def test_the_papers_place_is_where_the_paper_walks():
    p, theta, v = parameter(2.0), 2.0, 0.0
    optimizer = torch.optim.SGD([p], lr=0.3, momentum=0.8, nesterov=True)
    for _ in walk(optimizer, p, [lambda place: 1.5 * place] * 8):
        v = 0.8 * v - 0.3 * 1.5 * (theta + 0.8 * v)
        theta += v
        buffer = optimizer.state[p]["momentum_buffer"].item()
        found = e2_papers_place.papers_place(p.item(), buffer, 0.3, 0.8)
        assert found == pytest.approx(theta, rel=1e-12)


@pytest.mark.parametrize("rates, momentum", e3_schedule.EXERCISE.cases())
def test_a_moved_schedule_walks_the_books_path(rates, momentum):
    p, place, v = parameter(0.0), 0.0, 0.0
    optimizer = torch.optim.SGD([p], momentum=momentum)
    momenta = e3_schedule.momenta(rates, momentum)
    for lr, mu, gradient in zip(rates, momenta, e3_schedule.GRADIENTS, strict=True):
        optimizer.param_groups[0]["momentum"] = mu
        list(walk(optimizer, p, [gradient], [lr]))
        v = momentum * v + lr * gradient
        place -= v
        assert p.item() == pytest.approx(place, rel=1e-12)


@pytest.mark.parametrize("case", e4_whole_step.EXERCISE.cases())
def test_the_whole_step_is_torchs(case):
    p = parameter(1.0, -0.5)
    optimizer = torch.optim.SGD([p], **case[0])
    theirs = list(walk(optimizer, p, e4_whole_step.GRADIENTS, (0.1, 0.1, 0.05, 0.2)))
    found = e4_whole_step._walk(e4_whole_step.sgd_step, *case)["places"]
    torch.testing.assert_close(torch.tensor(found), torch.tensor(theirs))


def test_the_grid_has_every_setting_that_torch_allows():
    assert len(e4_whole_step.EXERCISE.cases()) == 32
