"""The worked solutions of chapter 05 are right because PyTorch says so."""

import pytest
import torch
from torch import nn

from helpers.exercises.chapter_05 import (
    e1_read_off,
    e2_layer_rates,
)
from helpers.exercises.chapter_05.e3_momentum import exercise as e3_momentum
from helpers.exercises.chapter_05.e4_joining.parts import add_param_group


def two_linear():
    return nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))


def freeze(model, optimizer):
    model[1].requires_grad_(False)


def freeze_and_clear(model, optimizer):
    model[1].requires_grad_(False)
    optimizer.zero_grad()


CHANGES = {
    "a": lambda model, optimizer: model.to(torch.float64),
    "b": lambda model, optimizer: setattr(
        model[1], "weight", nn.Parameter(torch.ones(1, 2))
    ),
    "c": lambda model, optimizer: model[1].reset_parameters(),
    "d": lambda model, optimizer: model.load_state_dict(
        two_linear().state_dict(), assign=True
    ),
    "e": freeze,
    "f": freeze_and_clear,
    "g": lambda model, optimizer: setattr(optimizer, "lr", 0.0),
}


@pytest.mark.parametrize("case", e1_read_off.READINGS)
def test_readings_are_what_a_second_step_does(case):
    torch.manual_seed(0)
    model = two_linear()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    CHANGES[case](model, optimizer)
    before = model[1].weight.detach().clone()
    model(torch.ones(1, 2, dtype=before.dtype)).sum().backward()
    optimizer.step()
    moved = not torch.equal(before, model[1].weight)
    assert moved == e1_read_off.READINGS[case]


def test_layers_get_the_rates_of_their_places():
    layers = [nn.Linear(1, 1), nn.Tanh(), nn.Linear(1, 1), nn.Linear(1, 1)]
    layers[2].weight.requires_grad_(False)
    groups = e2_layer_rates.EXERCISE.solution(layers, 0.8, 0.5)
    held = {id(p): group["lr"] for group in groups for p in group["params"]}
    assert held == {
        id(layers[3].weight): 0.8,
        id(layers[3].bias): 0.8,
        id(layers[2].bias): 0.4,
        id(layers[0].weight): pytest.approx(0.1),
        id(layers[0].bias): pytest.approx(0.1),
    }
    assert len(torch.optim.SGD(groups, lr=1.0).param_groups) == 3


@pytest.mark.parametrize("gradients", e3_momentum.GRADIENTS)
@pytest.mark.parametrize("in_place", [True, False])
def test_momentum_walks_as_torchs_sgd(gradients, in_place):
    class Theirs(torch.optim.SGD):
        """Torch's SGD, with its rate where the exercise has it."""

        def __init__(self, parameters, lr, momentum):
            super().__init__(parameters, lr=lr, momentum=momentum)
            self.lr = lr

        def step(self):
            self.param_groups[0]["lr"] = self.lr
            super().step()

    ours, theirs = (
        e3_momentum._path(kind, gradients, 0.9, in_place)
        for kind in (e3_momentum.EXERCISE.solution, Theirs)
    )
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(*(torch.tensor(x["places"]) for x in (one, other)))
        assert one["gradients"] == other["gradients"]


@pytest.mark.parametrize("options", [{}, {"lr": 0.01}, {"momentum": 0.5, "lr": 1.0}])
def test_a_group_joins_as_in_torch(options):
    first, second = (torch.ones(2, requires_grad=True) for _ in range(2))
    ours, theirs = (torch.optim.SGD([first], lr=0.1, momentum=0.9) for _ in range(2))
    add_param_group(ours, {"params": second, **options})
    theirs.add_param_group({"params": second, **options})
    assert [read(group) for group in ours.param_groups] == [
        read(group) for group in theirs.param_groups
    ]


def read(group):
    return group | {"params": [id(p) for p in group["params"]]}


@pytest.mark.parametrize("add", [add_param_group, torch.optim.SGD.add_param_group])
def test_what_is_held_is_refused_and_nothing_changes(add):
    first, second = (torch.ones(2, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([first], lr=0.1)
    with pytest.raises(ValueError, match="more than one parameter group"):
        add(optimizer, {"params": [second, first]})
    assert len(optimizer.param_groups) == 1
