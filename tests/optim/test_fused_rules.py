"""Whose rule a kernel stands for, and how long a plan of a step holds."""

import pytest
import torch

from helpers import optim
from helpers.optim.execution import dispatch
from tests.optim.kernel_cases import count_kernels
from tests.optim.optimizers import KERNELS


@pytest.fixture
def kernels(monkeypatch):
    """How many parameters have gone to a kernel, by method."""
    return count_kernels(monkeypatch)


class Half(optim.SGD):
    """SGD with a rule of its own."""

    def update(self, p, grad, state, options):
        p.add_(grad, alpha=-0.5)


class Warm(optim.Adam):
    """Adam whose numbers are others."""

    def step_constants(self, group, step):
        return {**super().step_constants(group, step), "step_size": 0.25}


class Own(Half):
    """A rule with a kernel of its own."""

    def fused_step(self, parameters, grads, state, options):
        torch._foreach_add_(parameters, grads, alpha=-0.75)


def moved(kind, patch=None):
    """Where a parameter at 1 goes along a gradient of 1, fused."""
    parameter = torch.nn.Parameter(torch.ones(1))
    optimizer = kind([parameter], fused=True)
    parameter.grad = torch.ones(1)
    if patch:
        optimizer.step()  # so that there is a plan
        optimizer.update = patch
        parameter.data.fill_(1.0)
    optimizer.step()
    return round(parameter.item(), 4)


def test_a_rule_that_a_subclass_writes_is_the_one_that_runs(kernels):
    assert moved(Half) == 0.5
    assert moved(Warm) == 0.975
    assert moved(Own) == 0.25
    assert not kernels


def test_a_rule_put_into_an_optimizer_or_its_class_is_the_one_that_runs(monkeypatch):
    def rule(p, grad, state, options):
        p.add_(grad, alpha=2.0)

    assert moved(optim.SGD, rule) == 3.0
    monkeypatch.setattr(optim.SGD, "update", lambda self, *given: rule(*given))
    assert moved(optim.SGD) == 3.0


def test_a_subclass_that_keeps_the_rule_keeps_the_kernel(kernels):
    class Same(optim.AdamW):
        """AdamW by another name."""

    moved(Same)
    assert kernels["Adam"] == 1


@pytest.mark.parametrize("way", [{"fused": True}, {"foreach": True}, {}], ids=str)
@pytest.mark.parametrize("method", KERNELS)
def test_a_plan_is_made_once_while_nothing_changes(method, way, monkeypatch):
    made = []
    kind = dispatch.Plan
    monkeypatch.setattr(dispatch, "Plan", lambda *given: made.append(1) or kind(*given))
    parameters = [torch.nn.Parameter(torch.ones(3)) for _ in range(3)]
    optimizer = getattr(optim, method)(parameters, **way)
    for _ in range(5):
        for each in parameters:
            each.grad = torch.rand(3)
        optimizer.step()
    assert len(made) == 1


def test_changed_wishes_make_another_plan(kernels):
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = optim.Adam([parameter], fused=True)
    parameter.grad = torch.ones(3)
    for wish in (True, False, True):
        optimizer.param_groups[0]["fused"] = wish
        optimizer.step()
    assert kernels["Adam"] == 2


def test_a_parameter_that_turns_complex_is_still_refused():
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = optim.SGD([parameter], fused=True)
    parameter.grad = torch.ones(3)
    optimizer.step()
    parameter.grad = None
    parameter.data = torch.ones(3, dtype=torch.complex64)
    parameter.grad = torch.ones(3, dtype=torch.complex64)
    with pytest.raises(RuntimeError, match="leave fused out"):
        optimizer.step()
