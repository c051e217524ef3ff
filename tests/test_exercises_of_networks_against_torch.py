"""The worked solutions of chapter 08 are right because PyTorch says so."""

import pytest
import torch

from helpers import nn, optim
from helpers.exercises.chapter_08 import (
    e1_found,
    e2_once_each,
    e3_weight_std,
    e4_yes_or_no,
    e5_generator_step,
)


def _layer():
    return torch.nn.Linear(2, 2)


def _shared(model):
    model.f = model.g = _layer()


ASSIGNMENTS = {
    "a": lambda model: setattr(model, "a", _layer()),
    "b": lambda model: setattr(model, "b", [_layer(), _layer()]),
    "c": lambda model: setattr(model, "c", torch.nn.ModuleList([_layer(), _layer()])),
    "d": lambda model: setattr(model, "d", torch.zeros(2, requires_grad=True)),
    "e": lambda model: setattr(model, "e", torch.nn.BatchNorm1d(2)),
    "f": _shared,
    "g": lambda model: setattr(
        model, "g", torch.nn.Parameter(torch.zeros(2)).double()
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_readings_are_what_torchs_module_finds(name):
    model = torch.nn.Module()
    ASSIGNMENTS[name](model)
    assert len(list(model.parameters())) == e1_found.READINGS[name]


@pytest.mark.parametrize("scene", e2_once_each.SCENES)
def test_walk_is_the_librarys(scene):
    model = e2_once_each.SCENES[scene]()
    found = e2_once_each.named_parameters(model)
    expected = list(model.named_parameters())
    assert [name for name, _ in found] == [name for name, _ in expected]
    assert all(p is q for (_, p), (_, q) in zip(found, expected, strict=True))


@pytest.mark.parametrize("make", [torch.nn.Linear, nn.Linear])
def test_walk_is_torchs_on_torchs_modules_too(make):
    kinds = torch.nn if make is torch.nn.Linear else nn
    model = kinds.Sequential(make(2, 2), kinds.Sequential(make(2, 2, bias=False)))
    found = e2_once_each.named_parameters(model)
    assert [name for name, _ in found] == [name for name, _ in model.named_parameters()]


@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0, 2.0])
def test_spread_is_kaimings(slope):
    torch.manual_seed(0)
    weight = torch.nn.init.kaiming_normal_(torch.empty(500, 400), a=slope)
    assert weight.std().item() == pytest.approx(
        e3_weight_std.weight_std(400, slope), rel=0.01
    )


@pytest.mark.parametrize("case", range(4))
def test_loss_is_torchs_with_its_gradient(case):
    logits, targets = e4_yes_or_no._cases()[case]
    ours, theirs = (logits.clone().requires_grad_() for _ in range(2))
    loss = e4_yes_or_no.bce_with_logits(ours, targets)
    expected = torch.nn.BCEWithLogitsLoss()(theirs, targets)
    loss.backward()
    expected.backward()
    assert torch.allclose(loss, expected, rtol=1e-5, atol=0)
    assert torch.allclose(ours.grad, theirs.grad, atol=1e-7)


def test_generators_step_is_torchs():
    generator, discriminator, optimizer, noise = e5_generator_step._pair("")
    theirs = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)
    )
    judge = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
    )
    theirs.load_state_dict(generator.state_dict())
    theirs = theirs.double().float()  # memory of its own
    judge.load_state_dict(discriminator.state_dict())
    before = [p.grad.data.clone() for p in discriminator.parameters()]
    loss = torch.nn.functional.softplus(-judge(theirs(noise))).mean()
    loss.backward()
    found = e5_generator_step.generator_step(generator, discriminator, optimizer, noise)
    torch.optim.SGD(theirs.parameters(), lr=0.5).step()
    assert isinstance(optimizer, optim.SGD)
    assert found == pytest.approx(loss.item(), rel=1e-5)
    for p, q in zip(generator.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(p.data, q.data, atol=1e-6)
    for p, grad in zip(discriminator.parameters(), before, strict=True):
        assert torch.equal(p.grad.data, grad)
