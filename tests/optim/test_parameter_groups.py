"""The forms in which parameters come, options for each group, closures."""

from collections import OrderedDict

import pytest
import torch

from helpers.autograd import is_grad_enabled
from tests.engines import compare, raw
from tests.optim.optimizers import METHODS, TORCHS, WORLDS, snapshot
from tests.optim.trajectories import travel

FORMS = {
    "list": lambda ps: ps,
    "tuple": tuple,
    "generator": iter,
    "values of a dict": lambda ps: OrderedDict(enumerate(ps)).values(),
    "pairs": lambda ps: [("a", ps[0]), ("b", ps[1])],
    "items": lambda ps: {"a": ps[0], "b": ps[1]}.items(),
    "one dict": lambda ps: [{"params": ps}],
    "dict of a generator": lambda ps: [{"params": iter(ps)}],
    "dicts": lambda ps: [{"params": ps[0]}, {"params": [ps[1]], "lr": 0.25}],
    "generator of dicts": lambda ps: ({"params": each} for each in ps),
    "dicts of pairs": lambda ps: [
        {"params": [(n, p)]} for n, p in zip("ab", ps, strict=True)
    ],
    "own keys": lambda ps: [{"params": ps, "name": "all", "lr": 0.125}],
    "empty group": lambda ps: [{"params": []}, {"params": ps}],
}


def two(world):
    """Two parameters of one element, and their gradients."""
    parameters = [world.leaf(1.0), world.leaf(2.0)]
    world.give(parameters, [torch.ones(1, dtype=torch.float64)] * 2)
    return parameters


@pytest.mark.parametrize("form", FORMS)
def test_parameters_come_in_many_forms(form):
    def scenario(world):
        parameters = two(world)
        optimizer = world.make("SGD", FORMS[form](parameters), lr=0.5)
        optimizer.step()
        return parameters, optimizer.state_dict(), len(optimizer.param_groups)

    (first, _), saved, _ = compare(scenario, WORLDS)
    assert first in ([0.5], [0.875])
    named = form in ("pairs", "items", "dicts of pairs")
    assert ("param_names" in saved["param_groups"][0]) == named


@pytest.mark.parametrize("method", METHODS)
def test_each_group_has_its_own_rate(method):
    def scenario(world):
        parameters = two(world)
        groups = [{"params": parameters[0]}, {"params": parameters[1], "lr": 0.0}]
        optimizer = world.make(method, groups, lr=0.5)
        travel(
            world, optimizer, parameters, [[torch.ones(1, dtype=torch.float64)] * 2] * 3
        )
        return snapshot(optimizer), optimizer.param_groups[1]["lr"]

    (first, second), rate = compare(scenario, WORLDS)
    assert first[0] != [1.0]
    # Rprop's steps have a least size, and AdamW shrinks what it does not move.
    assert second[0] == [2.0] or method in ("AdamW", "Rprop") and rate == 0


@pytest.mark.parametrize("method", METHODS)
def test_a_rate_changed_between_steps_counts(method):
    def scenario(world):
        parameters = two(world)
        optimizer = world.make(method, parameters, lr=0.5)
        for rate in (0.5, 0.1, 0.0):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
        return snapshot(optimizer)

    compare(scenario, WORLDS)


def test_other_options_changed_between_steps_count():
    def scenario(world):
        parameters = two(world)
        optimizer = world.make("SGD", parameters, lr=0.5)
        for options in ({"momentum": 0.9}, {"maximize": True}, {"weight_decay": 0.5}):
            optimizer.param_groups[0].update(options)
            optimizer.step()
        return snapshot(optimizer)

    compare(scenario, WORLDS)


def test_a_group_is_added_in_the_middle_of_a_run():
    def scenario(world):
        first, second = two(world)
        optimizer = world.make("Adam", [first], lr=0.5)
        optimizer.step()
        group = {"params": second, "lr": 0.25}
        result = optimizer.add_param_group(group)
        optimizer.step()
        same = optimizer.param_groups[1] is group
        return snapshot(optimizer), result, same, optimizer.state_dict()

    assert compare(scenario, WORLDS)[1:3] == (None, True)


def test_a_refused_group_changes_nothing():
    def scenario(world):
        first, second = two(world)
        optimizer = world.make("SGD", [first], lr=0.5)
        with pytest.raises(ValueError, match="more than one parameter group"):
            optimizer.add_param_group({"params": [second, first]})
        return len(optimizer.param_groups), optimizer.state_dict()

    assert compare(scenario, WORLDS)[0] == 1


def test_an_output_that_keeps_its_gradient_can_be_optimized():
    """No leaf, but retain_grad() leaves a gradient in it."""

    def scenario(world):
        made = world.leaf(1.0, 2.0) * 3
        made.retain_grad()
        optimizer = world.make("SGD", [made], lr=0.5)
        (made * made).sum().backward()
        optimizer.step()
        return raw(made)

    assert compare(scenario, WORLDS) == [0.0, 0.0]


def test_plain_tensors_are_parameters_too():
    def scenario(world):
        tensor = world.tensor(torch.ones(2))
        tensor.requires_grad_(True)
        optimizer = world.make("SGD", [tensor, world.tensor(torch.ones(1))], lr=0.5)
        (tensor * 2).sum().backward()
        optimizer.step()
        return tensor

    assert compare(scenario, WORLDS) == [0.0, 0.0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_a_closure_runs_with_gradients_and_its_value_is_returned(world, method):
    parameter = world.leaf(3.0)
    optimizer = world.make(method, [parameter], lr=0.1)
    enabled = []

    def closure():
        optimizer.zero_grad()
        on = torch.is_grad_enabled() if world.is_torchs else is_grad_enabled()
        enabled.append(on)
        loss = (parameter * parameter).sum()
        loss.backward()
        return loss

    with torch.no_grad():
        loss = optimizer.step(closure)
        assert not torch.is_grad_enabled()
    assert enabled == [True]
    assert loss.item() == 9.0 and loss.requires_grad
    assert parameter.item() != 3.0


def test_without_a_closure_a_step_returns_none():
    assert compare(lambda world: world.make("SGD", two(world)).step(), WORLDS) is None


def test_gradients_are_enabled_again_after_a_closure_that_raises():
    def scenario(world):
        optimizer = world.make("SGD", two(world))
        with pytest.raises(ZeroDivisionError):
            optimizer.step(lambda: 1 / 0)
        return torch.is_grad_enabled()

    assert compare(scenario, WORLDS) is True


def test_a_module_and_its_optimizer():
    """Real layers, real losses, three steps: the same numbers."""

    def scenario(world):
        torch.manual_seed(0)
        model = torch.nn.Sequential(
            torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
        )
        optimizer = world.make("AdamW", model.named_parameters(), lr=0.1, foreach=False)
        data = torch.randn(16, 4)
        losses = []
        for _ in range(3):
            optimizer.zero_grad()
            loss = (model(data) - data[:, :1]).square().mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses, snapshot(optimizer), optimizer.state_dict()

    losses, _, _ = compare(scenario, [TORCHS, WORLDS[1]])
    assert losses[-1] < losses[0]
