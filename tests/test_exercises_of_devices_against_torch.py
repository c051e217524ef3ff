"""The worked solutions of chapter 13 are right because PyTorch says so."""

import copy

import pytest
import torch

from helpers.devices import available_devices
from helpers.exercises.chapter_13 import (
    e1_where,
    e2_move_state,
    e4_scaled_step,
)

AWAY = [torch.device("meta"), *available_devices()[1:]]


def where_of(make, away):
    """Where a result lies, in the words of exercise 13.1."""
    try:
        result = make()
    except RuntimeError:
        return "error"
    return "device" if result.device == away else "cpu"


@pytest.mark.parametrize("away", AWAY, ids=str)
def test_results_lie_where_the_exercise_says(away):
    x, d = torch.ones(3), torch.ones(3, device=away)
    layer = torch.nn.Linear(3, 1)
    p = torch.nn.Parameter(d.clone())
    p.grad = torch.ones_like(p)
    adam = torch.optim.Adam([p])
    adam.step()
    makes = {
        "a": lambda: d + 1,
        "b": lambda: d + torch.ones(3),
        "c": lambda: d + torch.tensor(1.0),
        "d": lambda: (x.to(d.device), x)[1],
        "e": lambda: (layer.to(d.device), layer.weight)[1],
        "f": lambda: torch.zeros_like(d),
        "g": lambda: torch.zeros(d.shape),
        "h": lambda: adam.state[p]["step"],
    }
    found = {name: where_of(make, away) for name, make in makes.items()}
    assert found == e1_where.WHERE


def test_state_goes_where_load_state_dict_takes_it():
    for away in AWAY:
        layer = torch.nn.Linear(2, 1)
        adam = torch.optim.Adam(layer.parameters())
        layer(torch.ones(1, 2)).sum().backward()
        adam.step()
        torch.__future__.set_swap_module_params_on_conversion(True)
        layer.to(away)
        torch.__future__.set_swap_module_params_on_conversion(False)
        e2_move_state.move_state(adam)
        moved = copy.deepcopy(adam.state_dict())
        adam.load_state_dict(adam.state_dict())
        for place, state in adam.state_dict()["state"].items():
            for name, tensor in state.items():
                assert moved["state"][place][name].device == tensor.device


@pytest.mark.parametrize("gradient", [[3.0, -5.0], [float("inf"), 1.0]])
def test_a_scaled_step_is_that_of_the_grad_scaler(gradient):
    mine = torch.nn.Parameter(torch.ones(2))
    theirs = torch.nn.Parameter(torch.ones(2))
    scaler = torch.amp.GradScaler("cpu", init_scale=16.0)
    optimizer = torch.optim.SGD([theirs], lr=0.5)
    scaler.scale(torch.ones(()))  # makes the scale
    for p in (mine, theirs):
        p.grad = torch.tensor(gradient)
    scaler.step(optimizer)
    scaler.update()
    assert e4_scaled_step.scaled_step([mine], 16.0, 0.5) == scaler.get_scale()
    assert torch.equal(mine, theirs)
