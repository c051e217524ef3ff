"""The worked solutions of chapter 06 are right because PyTorch says so."""

import pytest
import torch

from helpers.exercises.chapter_06 import (
    buffers,
    dampened,
    limits,
    momentum_steps,
    papers_place,
    schedule,
    whole_step,
)

LIMITS = {
    "plain": {},
    "momentum": {"momentum": 0.5},
    "dampened": {"momentum": 0.5, "dampening": 0.5},
    "nesterov": {"momentum": 0.5, "nesterov": True},
}


def parameter(*numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def walk(optimizer, p, gradients, rates):
    """The places after each step along gradients that are given."""
    places = []
    for gradient, lr in zip(gradients, rates, strict=True):
        optimizer.param_groups[0]["lr"] = lr
        p.grad = torch.tensor(gradient, dtype=torch.float64).reshape(p.shape)
        optimizer.step()
        places.append(p.tolist())
    return places


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("share, stays", [(0.99, True), (1.01, False)])
def test_limits_are_those_of_runs(name, share, stays):
    p = parameter(1.0, 1.0)
    lr = share * limits.LIMITS[name]
    optimizer = torch.optim.SGD([p], lr=lr, **LIMITS[name])
    for _ in range(1500):
        p.grad = torch.tensor([2.0, 10.0]) * p.detach()
        optimizer.step()
    assert (p.abs().max().item() < 1) == stays


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_each_buffer_is_that_of_its_own_optimizer(momentum):
    found = buffers._walk(momentum_steps.momentum_step, momentum)
    ours = zip(*(step["places"] for step in found), strict=True)
    for mine, gradients in zip(ours, zip(*buffers.GRADIENTS, strict=True), strict=True):
        p = parameter(*[1.0] * len(mine[0]))
        optimizer = torch.optim.SGD([p], momentum=momentum)
        for place, gradient, lr in zip(mine, gradients, buffers.RATES, strict=True):
            if gradient is not None:
                walk(optimizer, p, [gradient], [lr])
            assert p.tolist() == pytest.approx(place, rel=1e-12)


@pytest.mark.parametrize("case", dampened.EXERCISE.cases())
def test_dampened_buffers_are_torchs(case):
    gradients, momentum, dampening = case
    p = parameter(0.0)
    optimizer = torch.optim.SGD([p], momentum=momentum, dampening=dampening)
    theirs = []
    for gradient in gradients:
        walk(optimizer, p, [gradient], [0.1])
        theirs.append(optimizer.state[p]["momentum_buffer"].item())
    assert dampened.dampened(*case) == pytest.approx(theirs, rel=1e-12)


def test_the_papers_place_is_where_the_paper_walks():
    p, theta, v = parameter(2.0), 2.0, 0.0
    optimizer = torch.optim.SGD([p], lr=0.3, momentum=0.8, nesterov=True)
    for _ in range(8):
        p.grad = 1.5 * p.detach()
        optimizer.step()
        v = 0.8 * v - 0.3 * 1.5 * (theta + 0.8 * v)
        theta += v
        buffer = optimizer.state[p]["momentum_buffer"].item()
        found = papers_place.papers_place(p.item(), buffer, 0.3, 0.8)
        assert found == pytest.approx(theta, rel=1e-12)


@pytest.mark.parametrize("rates, momentum", schedule.EXERCISE.cases())
def test_a_moved_schedule_walks_the_books_path(rates, momentum):
    p, place, v = parameter(0.0), 0.0, 0.0
    optimizer = torch.optim.SGD([p], momentum=momentum)
    momenta = schedule.momenta(rates, momentum)
    for lr, mu, gradient in zip(rates, momenta, schedule.GRADIENTS, strict=True):
        optimizer.param_groups[0]["momentum"] = mu
        walk(optimizer, p, [gradient], [lr])
        v = momentum * v + lr * gradient
        place -= v
        assert p.item() == pytest.approx(place, rel=1e-12)


@pytest.mark.parametrize("case", whole_step.EXERCISE.cases())
def test_the_whole_step_is_torchs(case):
    p = parameter(1.0, -0.5)
    optimizer = torch.optim.SGD([p], **case[0])
    theirs = walk(optimizer, p, whole_step.GRADIENTS, (0.1, 0.1, 0.05, 0.2))
    found = whole_step._walk(whole_step.sgd_step, *case)["places"]
    torch.testing.assert_close(torch.tensor(found), torch.tensor(theirs))


def test_the_grid_has_every_setting_that_torch_allows():
    assert len(whole_step.EXERCISE.cases()) == 32
