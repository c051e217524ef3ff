"""The worked solutions of chapter 04 are right because PyTorch says so."""

import warnings

import pytest
import torch

from helpers.autograd import tensor
from helpers.exercises.chapter_04 import (
    e1_read_off,
    e2_clearing,
    e3_swing,
    e4_parts,
    e5_groups,
    e6_rates,
)
from helpers.viz.graph import graph_of
from tests.exercise_walks import descend, parameter


@pytest.mark.parametrize("make", [torch.tensor, tensor])
def test_readings_are_those_of_the_lines(make):
    w = make(3.0, requires_grad=True)
    (w * w).backward()
    (2 * w).backward()
    read = [w.grad.item()]
    kept = w.grad
    w.grad.zero_()
    (w * w).backward()
    read.append(kept.item())
    w.grad = None
    (2 * w).backward()
    assert [*read, w.grad.item(), kept.item()] == list(e1_read_off.READINGS.values())


@pytest.mark.parametrize("set_to_none", [True, False])
def test_clearing_is_what_torchs_optimizer_does(set_to_none):
    pairs = []
    for _ in range(2):
        plain, recorded, unused = (torch.ones(2, requires_grad=True) for _ in range(3))
        plain.square().sum().backward()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a reference cycle
            (recorded**3).sum().backward(create_graph=True)
        pairs.append([plain, recorded, unused])
    ours, theirs = pairs
    e2_clearing.clear(ours, set_to_none)
    torch.optim.SGD(theirs).zero_grad(set_to_none=set_to_none)
    for p, q in zip(ours, theirs, strict=True):
        assert (p.grad is None) == (q.grad is None)
        if q.grad is not None:
            assert torch.equal(p.grad, q.grad)
            assert p.grad.requires_grad == q.grad.requires_grad
            p.grad = q.grad = None


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 1.0])
def test_next_place_is_sgds(momentum):
    x = parameter(2.0)
    optimizer = torch.optim.SGD([x], lr=0.3, momentum=momentum)
    places = descend(optimizer, x, lambda x: (1.5 * x.square() / 2).sum(), steps=6)
    for before, now, then in zip(places, places[1:], places[2:], strict=False):
        found = e3_swing.next_place(now, before, 0.3, 1.5, momentum)
        assert found.item() == pytest.approx(then.item(), rel=1e-12)


def test_parts_make_the_gradient_of_the_whole():
    points = torch.arange(18.0, dtype=torch.float64).view(9, 2).sin()
    theirs = parameter(0.5, -1.0)
    ours = tensor(theirs.detach().clone(), requires_grad=True)
    ((points * theirs).sum(1) - 1).square().mean().backward()
    e4_parts.gradient_in_parts(ours, e4_parts._mean_square, points.split([4, 4, 1]))
    assert torch.allclose(ours.grad.data, theirs.grad)


@pytest.mark.parametrize("count, k", [(10, 4), (8, 4), (5, 2), (3, 7)])
def test_groups_step_along_the_mean_of_each(count, k):
    def train(loop):
        x = parameter(1.0, -2.0)
        optimizer = torch.optim.SGD([x], lr=0.1, momentum=0.5)
        loop(optimizer, lambda b: (x - b).square().sum(), [*range(count)], k)
        return x.detach()

    def at_once(optimizer, loss_of, batches, k):
        for start in range(0, len(batches), k):
            losses = [loss_of(batch) for batch in batches[start : start + k]]
            optimizer.zero_grad()
            torch.stack(losses).mean().backward()
            optimizer.step()

    assert torch.allclose(train(e5_groups.train_in_groups), train(at_once))


@pytest.mark.parametrize("clear", [True, False])
@pytest.mark.parametrize("lr", e6_rates.RATES.values())
def test_who_leaves_is_who_leaves_in_torch(lr, clear):
    def bowl(x):
        return (e6_rates.CURVATURE * x.square() / 2).sum()

    x = parameter(1.0)
    descend(torch.optim.SGD([x], lr=lr), x, bowl, 200, clear)
    assert (not x.abs().item() < e6_rates.FAR) == e6_rates._leaves(lr, clear)


@pytest.mark.parametrize("make", [torch.tensor, tensor])
def test_only_detaching_keeps_the_history_of_gradients_short(make):
    counts = {}
    for detach in (True, False):
        leaf = make([1.0, 2.0], requires_grad=True)
        for _ in range(4):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a reference cycle
                (leaf**3).sum().backward(create_graph=True)
            counts.setdefault(detach, []).append(len(graph_of(leaf.grad)))
            if detach:
                leaf.grad.detach_()
            leaf.grad.zero_()
        leaf.grad = None
    assert len(set(counts[True])) == 1
    assert counts[False] == sorted(set(counts[False]))
