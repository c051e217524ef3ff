"""State and options that a wrapper or a subclass adds are saved, loaded and run with.

The same program on torch's optimizers and on ours: the same state, the same steps.
"""

import copy

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import METHODS, OUR_WORLDS, REAL, WORLDS, snapshot
from tests.optim.trajectories import travel

ONES = torch.ones(2)
TWO = [[ONES, ONES], [ONES, -ONES]]
WAYS = pytest.mark.parametrize(
    "way", [{"foreach": False}, {"foreach": True}, {}], ids=str
)
ALL_METHODS = pytest.mark.parametrize("method", METHODS)
EVERYTHING_ON = {
    "SGD": {"momentum": 0.9},
    "Adam": {"amsgrad": True},
    "RMSprop": {"momentum": 0.9, "centered": True},
}


def built(world, method, **options):
    """Two parameters and an optimizer that has made two steps."""
    parameters = world.parameters(ONES, ONES * 2)
    options = {"lr": 0.1, **EVERYTHING_ON.get(method, {}), **options}
    optimizer = world.make(method, parameters, **options)
    travel(world, optimizer, parameters, TWO)
    return parameters, optimizer


def added_by_a_wrapper(place, parameter):
    """State of every kind: numbers, None, tensors of other dtypes and shapes, nests."""
    return {
        "slow": raw(parameter).clone(),
        "count": place,
        "flag": True,
        "none": None,
        "rows": torch.arange(3),
        "inner": {"step": torch.tensor(7), "n": 4, "z": torch.ones(3).double()},
        "parts": [torch.ones(1), 2, None],
        "pair": (1.5, torch.zeros(1)),
    }


@WAYS
@ALL_METHODS
def test_what_a_wrapper_adds_is_kept_and_in_nobodys_way(method, way):
    def scenario(world):
        parameters, optimizer = built(world, method, **way)
        for place, each in enumerate(parameters):
            optimizer.state[each].update(added_by_a_wrapper(place, each))
        travel(world, optimizer, parameters, TWO)
        others = world.parameters(*map(raw, parameters))
        other = world.make(method, others, lr=7.0, **way)
        other.load_state_dict(optimizer.state_dict())
        loaded = copy.deepcopy(list(other.state.values()))
        travel(world, other, others, TWO)
        return loaded, others

    (first, _), _ = compare(scenario, WORLDS)
    assert first["count"] == 0 and first["none"] is None and first["rows"] == [0, 1, 2]


@WAYS
@pytest.mark.parametrize("method", [each for each in METHODS if each not in REAL])
def test_complex_parameters_go_on_beside_it(method, way):
    def scenario(world):
        parameter = world.parameter(torch.tensor([1 + 1j, 2.0]))
        optimizer = world.make(method, [parameter], lr=0.1, **way)
        for count in range(3):
            travel(world, optimizer, [parameter], [[torch.tensor([1j, 2.0])]])
            optimizer.state[parameter].update(count=count, none=None)
        return raw(parameter)

    there, *ours = [scenario(world) for world in WORLDS]
    for each in ours:
        torch.testing.assert_close(each, there)


def test_words_in_state_stay_words():
    """torch makes a generator's name of each string."""
    for world in OUR_WORLDS:
        parameters, optimizer = built(world, "SGD")
        optimizer.state[parameters[0]]["name"] = "weight"
        optimizer.load_state_dict(optimizer.state_dict())
        assert optimizer.state[parameters[0]]["name"] == "weight"


def test_state_that_is_no_dict_is_kept():
    def scenario(world):
        parameters, optimizer = built(world, "SGD")
        saved = optimizer.state_dict()
        saved["state"] = {0: torch.ones(3), 1: [1, 2], "note": {"epoch": 3}}
        optimizer.load_state_dict(saved)
        return list(optimizer.state.values())

    assert compare(scenario, WORLDS) == [[1.0] * 3, [1, 2], {"epoch": 3}]


def counting_by_hand(world):
    """A subclass of the base class, whose steps are Python's numbers."""

    class Counting(world.optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for each in group["params"]:
                    state = self.state[each]
                    state["step"] = state.get("step", 0) + 1
                    change = each.grad.data * group["lr"] / state["step"]
                    raw(each).sub_(change)

    return Counting


def test_steps_that_a_subclass_counts_stay_integers():
    def scenario(world):
        kind, parameter = counting_by_hand(world), world.parameter(ONES)
        optimizer = kind([parameter], 0.1)
        travel(world, optimizer, [parameter], [[ONES]] * 2)
        other = kind([parameter], 0.1)
        other.load_state_dict(optimizer.state_dict())
        travel(world, other, [parameter], [[ONES]])
        return list(other.state.values()), raw(parameter), repr(other), other.defaults

    assert compare(scenario, WORLDS)[0] == [{"step": 3}]


def test_a_step_in_state_of_sgd_is_somebody_elses():
    def scenario(world):
        parameters, optimizer = built(world, "SGD")
        optimizer.state[parameters[0]]["step"] = 4
        optimizer.load_state_dict(optimizer.state_dict())
        return optimizer.state[parameters[0]]["step"]

    assert compare(scenario, WORLDS) == 4


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("method", ["Adagrad", "RMSprop", "Adam", "AdamW"])
def test_what_was_pickled_before_2022_goes_on(method, wide):
    """Steps were numbers, and options were missing: `__setstate__` sees to both."""

    def scenario(world):
        parameters, optimizer = built(world, method)
        state = optimizer.__getstate__()
        for each in state["state"].values():
            each["step"] = int(each["step"])
        for name in ("maximize", "foreach", "differentiable"):
            del state["param_groups"][0][name]
        other = type(optimizer).__new__(type(optimizer))
        other.__setstate__(state)
        travel(world, other, parameters, TWO)
        return snapshot(other), other.param_groups[0]["maximize"]

    torch.set_default_dtype(torch.float64 if wide else torch.float32)
    try:
        compare(scenario, WORLDS)
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_subclass_fills_its_own_options_when_it_loads():
    """`__setstate__` is the place for it, and runs after ours, as after torch's."""

    def scenario(world):
        class Scaled(world.optim.SGD):
            def __init__(self, params, lr, scale=2.0):
                super().__init__(params, lr=lr)
                self.defaults["scale"] = self.param_groups[0]["scale"] = scale

            def __setstate__(self, state):
                super().__setstate__(state)
                for group in self.param_groups:
                    group.setdefault("scale", 7.0)

        parameter = world.leaf(1.0)
        optimizer = Scaled([parameter], 0.1)
        optimizer.load_state_dict(world.make("SGD", [parameter], lr=0.2).state_dict())
        return optimizer.param_groups[0]["scale"], optimizer.param_groups[0]["lr"]

    assert compare(scenario, WORLDS) == (7.0, 0.2)


OUT_OF_RANGE = [
    ("SGD", {"lr": -0.1}),
    ("SGD", {"momentum": -0.5}),
    ("SGD", {"momentum": 0.0, "nesterov": True}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "dampening": 0.5}),
    ("SGD", {"weight_decay": -0.5}),
    ("Adam", {"lr": -0.1}),
    ("AdamW", {"weight_decay": -0.5, "lr": torch.tensor([0.1])}),
    ("RMSprop", {"alpha": 1.5, "lr": -0.1}),
    ("Adagrad", {"lr_decay": -0.1}),
]


@pytest.mark.parametrize("when", ["made", "changed"])
@pytest.mark.parametrize("method, options", OUT_OF_RANGE, ids=str)
def test_a_group_runs_and_loads_with_whatever_torch_runs_with(method, options, when):
    def scenario(world):
        parameter = world.parameter(ONES)
        group = {"params": [parameter], **(options if when == "made" else {})}
        optimizer = world.make(method, [group], lr=0.1, foreach=False)
        optimizer.param_groups[0].update(options)
        travel(world, optimizer, [parameter], [[ONES], [-ONES]])
        optimizer.load_state_dict(optimizer.state_dict())
        travel(world, optimizer, [parameter], [[ONES]])
        return raw(parameter)

    there, *ours = [scenario(world) for world in WORLDS]
    for each in ours:
        torch.testing.assert_close(each, there, rtol=1e-6, atol=1e-6, equal_nan=True)


def test_groups_are_copied_deeply():
    """A rate that is a tensor, and a note of the user's, in both directions."""

    def scenario(world):
        parameters, giver = built(world, "Adam", lr=torch.tensor(0.1), foreach=False)
        giver.param_groups[0]["note"] = {"epochs": [1]}
        saved = giver.state_dict()
        _, taker = built(world, "Adam")
        taker.load_state_dict(saved)
        taker.param_groups[0]["note"]["epochs"].append(2)
        giver.param_groups[0]["lr"].mul_(0.5)
        return [
            (each["param_groups"][0]["note"], each["param_groups"][0]["lr"])
            for each in (saved, taker.state_dict())
        ], list(taker.param_groups[0])

    (given, loaded), _ = compare(scenario, WORLDS)
    assert given[0] == {"epochs": [1]} and loaded[0] == {"epochs": [1, 2]}
    assert given[1] != loaded[1]


def test_lbfgs_keeps_what_others_add():
    def scenario(world):
        parameter = world.leaf(1.0, 2.0)
        optimizer = world.make("LBFGS", [parameter], max_iter=2)

        def closure():
            optimizer.zero_grad()
            loss = (parameter * parameter).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        optimizer.state[parameter].update(mine=torch.ones(3), count=1)
        optimizer.param_groups[0].update(lr=-0.5, initial_lr=1.0)
        other = world.make("LBFGS", [parameter])
        other.load_state_dict(optimizer.state_dict())
        group = other.param_groups[0]
        state = other.state[parameter]
        return state["mine"], state["count"], group["lr"], group["initial_lr"]

    assert compare(scenario, WORLDS) == ([1.0] * 3, 1, -0.5, 1.0)


def test_state_in_our_own_kind_of_tensor_is_copied_too():
    world = OUR_WORLDS[1]
    parameters, optimizer = built(world, "SGD")
    kept = optimizer.state[parameters[0]]["kept"] = world.tensor(ONES)
    optimizer.load_state_dict(optimizer.state_dict())
    loaded = optimizer.state[parameters[0]]["kept"]
    assert type(loaded) is type(kept) and loaded is not kept
    assert loaded.tolist() == kept.tolist()
