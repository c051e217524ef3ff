"""What an optimizer saves goes into torch's, and back; a run goes on as it was.

Layout, order and numbers of `state_dict()` are torch's. Pickle, copies and print too.
"""

import copy
import io
import pickle

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import (
    METHODS,
    NUMBERS,
    OUR_WORLDS,
    TORCHS,
    UNCOPIED,
    WORLDS,
    assert_same,
    snapshot,
)
from tests.optim.trajectories import gradients, starts, travel

STEPS = gradients(torch.float64)[:12]
OPTIONS = {
    "SGD": {"momentum": 0.9, "nesterov": True},
    "Adagrad": {"lr_decay": 0.1, "initial_accumulator_value": 0.5},
    "RMSprop": {"momentum": 0.5, "centered": True},
    "Adam": {"amsgrad": True},
    "AdamW": {"betas": (0.8, 0.99)},
    "Adadelta": {"rho": 0.8},
    "Adamax": {"betas": (0.8, 0.99)},
    "NAdam": {"momentum_decay": 0.1},
    "RAdam": {"betas": (0.8, 0.9)},
    "ASGD": {"t0": 3, "lambd": 0.1},
    "Rprop": {"etas": (0.4, 1.3)},
    "Adafactor": {"d": 1.5},
}
LOADS = [
    (OUR_WORLDS[0], TORCHS),
    (TORCHS, OUR_WORLDS[0]),
    (TORCHS, OUR_WORLDS[1]),
    (OUR_WORLDS[1], TORCHS),
    (OUR_WORLDS[0], OUR_WORLDS[1]),
]


def grouped(parameters, with_names=False):
    """The parameters in two groups; the second decays."""
    names = [f"weight{place}" for place in range(len(parameters))]
    each = list(zip(names, parameters, strict=True)) if with_names else parameters
    return [{"params": each[:1]}, {"params": each[1:], "weight_decay": 0.1}]


def build(world, method, arrays, with_names=False, **options):
    """Parameters, and an optimizer over two groups of them."""
    parameters = world.parameters(*arrays)
    groups = grouped(parameters, with_names)
    options = {"foreach": False, **OPTIONS[method], **options}
    return parameters, world.make(method, groups, **options)


def whole_run(method, way=None):
    """The snapshot after a run of torch's that nobody interrupts."""
    parameters, optimizer = build(TORCHS, method, starts(torch.float64), **(way or {}))
    travel(TORCHS, optimizer, parameters, STEPS)
    return snapshot(optimizer)


def continued(first, second, method, way):
    """The snapshot after a run that one optimizer began, and another goes on with."""
    parameters, optimizer = build(first, method, starts(torch.float64), **way)
    travel(first, optimizer, parameters, STEPS[:5])
    saved = pickle.loads(pickle.dumps(optimizer.state_dict()))
    arrays = [raw(each) for each in parameters]
    parameters, optimizer = build(second, method, arrays, lr=7.0, **way)
    optimizer.load_state_dict(saved)
    travel(second, optimizer, parameters, STEPS[5:])
    return snapshot(optimizer)


@pytest.mark.parametrize("with_names", [False, True], ids=["plain", "named"])
@pytest.mark.parametrize("method", METHODS)
def test_the_layout_is_torchs(method, with_names):
    def scenario(world):
        parameters, optimizer = build(world, method, starts(torch.float64), with_names)
        fresh = optimizer.state_dict()
        travel(world, optimizer, parameters, STEPS[:3])
        after = optimizer.state_dict()
        orders = [list(each) for each in after["state"].values()]
        return fresh, after, [list(after), list(after["state"]), orders]

    _, after, _ = compare(scenario, WORLDS)
    assert [len(each["params"]) for each in after["param_groups"]] == [1, 2]
    assert ("param_names" in after["param_groups"][0]) == with_names


@pytest.mark.parametrize("method", METHODS)
def test_a_group_has_torchs_options(method):
    """The same names with the same defaults."""

    def scenario(world):
        optimizer = world.make(method, [world.leaf(1.0)])
        return optimizer.defaults, optimizer.state_dict()["param_groups"]

    compare(scenario, WORLDS)


@pytest.mark.parametrize("way", [{"foreach": False}, {"foreach": True}], ids=str)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("first, second", LOADS, ids=lambda world: world.name)
def test_a_run_goes_on_in_the_other(first, second, method, way):
    """The dtype of numbers changes when they are loaded, so they round otherwise."""
    got = continued(first, second, method, way)
    if method in NUMBERS:
        assert_same(got, continued(TORCHS, TORCHS, method, way))
    else:
        assert_same(got, whole_run(method, way))


@pytest.mark.parametrize("method", METHODS)
def test_a_file_holds_it_that_torch_trusts(method):
    """torch.load with weights_only=True takes only tensors and plain types."""
    parameters, optimizer = build(OUR_WORLDS[1], method, starts(torch.float64))
    travel(OUR_WORLDS[1], optimizer, parameters, STEPS[:2])
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    loaded = torch.load(file, weights_only=True)
    assert list(loaded["state"]) == list(optimizer.state_dict()["state"])
    before = snapshot(optimizer)
    optimizer.load_state_dict(loaded)
    if method in NUMBERS:
        assert snapshot(optimizer)[0][1]["step"] == before[0][1]["step"]
    else:
        assert_same(snapshot(optimizer), before)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))]
)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_a_copy_goes_on_by_itself(world, method, copied):
    if world is TORCHS and method in UNCOPIED:
        pytest.skip(f"a copy of this PyTorch's {method} can't step")
    parameters, optimizer = build(world, method, starts(torch.float64))
    travel(world, optimizer, parameters, STEPS[:5])
    before = snapshot(optimizer)
    world.give(parameters, [None] * len(parameters))
    twin = copied(optimizer)
    theirs = [each for group in twin.param_groups for each in group["params"]]
    travel(world, twin, theirs, STEPS[5:])
    assert_same(snapshot(optimizer), before)
    assert_same(snapshot(twin), whole_run(method))


@pytest.mark.parametrize("method", METHODS)
def test_the_printed_form_is_torchs(method):
    def scenario(world):
        return repr(build(world, method, starts(torch.float64), with_names=True)[1])

    assert compare(scenario, WORLDS).startswith(f"{method} (\nParameter Group 0\n")


OLDER = {
    "SGD": ["maximize", "foreach", "differentiable", "fused", "nesterov"],
    "Adagrad": ["maximize", "foreach", "differentiable", "fused"],
    "RMSprop": ["maximize", "foreach", "differentiable", "capturable", "centered"],
    "Adam": ["maximize", "foreach", "differentiable", "capturable", "amsgrad"],
    "AdamW": ["maximize", "foreach", "differentiable", "fused", "amsgrad"],
    "NAdam": ["maximize", "foreach", "differentiable", "decoupled_weight_decay"],
    "RAdam": ["maximize", "foreach", "differentiable", "decoupled_weight_decay"],
    "Adafactor": ["foreach"],
}
REST = ["maximize", "foreach", "differentiable", "capturable"]  # of the other methods


@pytest.mark.parametrize("method", METHODS)
def test_older_files_load(method):
    """Options that came later are missing there, and steps were plain numbers."""

    def scenario(world):
        parameter = world.parameter(torch.tensor([1.0, 2.0]))
        optimizer = world.make(method, [parameter], lr=0.5)
        travel(world, optimizer, [parameter], [[torch.ones(2)]])
        saved = copy.deepcopy(optimizer.state_dict())
        for name in OLDER.get(method, REST):
            del saved["param_groups"][0][name]
        for state in saved["state"].values():
            numbers = {k: v.item() for k, v in state.items() if v.dim() == 0}
            state.update(numbers)
        optimizer.load_state_dict(saved)
        travel(world, optimizer, [parameter], [[torch.ones(2)]])
        return parameter, optimizer.state_dict()

    names = set(compare(scenario, WORLDS)[1]["param_groups"][0])
    assert set(OLDER.get(method, REST)) <= names


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_what_is_loaded_is_copied(world):
    """Here ours departs from torch's, where both would change the same buffers."""
    first, giver = build(world, "Adam", starts(torch.float64))
    travel(world, giver, first, STEPS[:3])
    _, taker = build(world, "Adam", [raw(each) for each in first])
    taker.load_state_dict(giver.state_dict())
    before = snapshot(taker)
    travel(world, giver, first, STEPS[3:5])
    assert_same(snapshot(taker), before)


@pytest.mark.parametrize("method", METHODS)
def test_loading_casts_to_the_parameters_dtype(method):
    """Means and buffers, not the count of steps."""

    def scenario(world):
        parameter = world.parameter(torch.ones(2))
        optimizer = world.make(method, [parameter], **OPTIONS[method])
        travel(world, optimizer, [parameter], [[torch.ones(2)]])
        half = world.parameter(torch.ones(2, dtype=torch.float16))
        taker = world.make(method, [half], **OPTIONS[method])
        taker.load_state_dict(optimizer.state_dict())
        return snapshot(taker)

    compare(scenario, WORLDS)


def test_state_of_no_parameter_is_kept():
    def scenario(world):
        optimizer = world.make("SGD", [world.leaf(1.0)])
        saved = optimizer.state_dict()
        saved["state"]["note"] = {"epoch": 3}
        optimizer.load_state_dict(saved)
        return optimizer.state["note"], optimizer.state_dict()["state"]

    assert compare(scenario, WORLDS) == ({"epoch": 3}, {"note": {"epoch": 3}})
