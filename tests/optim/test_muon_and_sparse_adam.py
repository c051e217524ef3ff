"""Muon takes matrices alone, and SparseAdam sparse gradients: both go as torch's do."""

import copy
import pickle
import warnings

import pytest
import torch
from torch.testing._internal.common_optimizers import optim_db

from tests.counted import CONFIGURATIONS
from tests.engines import compare, raw
from tests.optim.optimizers import (
    OUR_WORLDS,
    TORCHS,
    WORLDS,
    assert_same,
    raised_by,
    snapshot,
)
from tests.optim.trajectories import STEPS, travel

pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant checks")  # torch's
METHODS = ["Muon", "SparseAdam"]
SHAPES = {"Muon": [(4, 3), (2, 5), (3, 3), (1, 4)], "SparseAdam": [(5, 3), (6,), (4,)]}
INFOS = {info.name: info for info in optim_db if info.name in METHODS}
SETTINGS = [
    pytest.param(name, given.kwargs, id=f"{name}-{given.desc}")
    for name, info in INFOS.items()
    for given in info.optim_inputs_func("cpu")
]
SETTINGS += [
    pytest.param("Muon", {"nesterov": False, "momentum": 0.5}, id="Muon-plain"),
    pytest.param("Muon", {"adjust_lr_fn": "match_rms_adamw"}, id="Muon-adamw"),
    pytest.param("SparseAdam", {"betas": (0.5, 0.6)}, id="SparseAdam-betas"),
]
OURS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)


def drawn(method, dtype, seed):
    """Arrays for the parameters of a method."""
    chance = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=chance, dtype=dtype) for s in SHAPES[method]]


def gradients(method, dtype, seed):
    """Gradients of one step: some rows of each, or all; now and then one is missing."""
    arrays = drawn(method, dtype, seed)
    if method == "SparseAdam":
        rows = [torch.tensor([seed % 4, 1, seed % 4]), torch.tensor([seed % 3])]
        rows.append(torch.tensor([], dtype=torch.int64))
        arrays = [
            torch.sparse_coo_tensor(at[None], each[at], each.shape)
            for at, each in zip(rows, arrays, strict=True)
        ]
    return [None if seed % 3 == 1 and n == 1 else each for n, each in enumerate(arrays)]


def run(
    world, method, dtype=torch.float64, steps=(1, 2, 3, 4, 5), first=None, **options
):
    """An optimizer after some steps."""
    parameters = world.parameters(*(first or drawn(method, dtype, 0)))
    optimizer = world.make(method, parameters, **options)
    travel(world, optimizer, parameters, [gradients(method, dtype, n) for n in steps])
    return optimizer


def snapshots(world, method, dtype, **options):
    """What parameters and state are after each number of steps."""
    optimizer, taken, done = run(world, method, dtype, (), **options), [], 0
    parameters = optimizer.param_groups[0]["params"]
    for until in STEPS:
        given = [gradients(method, dtype, n) for n in range(done, until)]
        travel(world, optimizer, parameters, given)
        taken.append(snapshot(optimizer))
        done = until
    return taken


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("method, options", SETTINGS)
def test_parameters_and_state_are_torchs(method, options, dtype, record_property):
    there = snapshots(TORCHS, method, dtype, **options)
    for world in OUR_WORLDS:
        here = snapshots(world, method, dtype, **options)
        for got, expected in zip(here, there, strict=True):
            assert_same(got, expected)
    record_property(CONFIGURATIONS, len(STEPS) * len(OUR_WORLDS))


@pytest.mark.parametrize("method", METHODS)
def test_layout_defaults_and_print_are_torchs(method):
    def scenario(world):
        optimizer = run(world, method)
        saved = optimizer.state_dict()
        kinds = [
            {k: type(v) is int for k, v in s.items()} for s in optimizer.state.values()
        ]
        orders = [list(each) for each in saved["state"].values()]
        return optimizer.defaults, saved["param_groups"], orders, kinds, repr(optimizer)

    compare(scenario, WORLDS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("first", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("second", WORLDS, ids=lambda world: world.name)
def test_a_run_goes_on_in_the_other(first, second, method):
    optimizer = run(first, method)
    saved = pickle.loads(pickle.dumps(optimizer.state_dict()))
    arrays = [raw(each) for each in optimizer.param_groups[0]["params"]]
    taker = run(second, method, steps=(), first=arrays, lr=7.0)
    taker.load_state_dict(saved)
    for each in (optimizer, taker, copy.deepcopy(taker)):
        parameters = each.param_groups[0]["params"]
        world = first if each is optimizer else second
        travel(world, each, parameters, [gradients(method, torch.float64, 6)])
        assert_same(snapshot(each), snapshot(run(TORCHS, method, steps=range(1, 7))))


def test_a_count_that_was_saved_as_a_tensor_loads():
    def scenario(world):
        optimizer = run(world, "SparseAdam")
        saved = copy.deepcopy(optimizer.state_dict())
        for state in saved["state"].values():
            state["step"] = torch.tensor(float(state["step"]))
        optimizer.load_state_dict(saved)
        parameters = optimizer.param_groups[0]["params"]
        travel(
            world, optimizer, parameters, [gradients("SparseAdam", torch.float64, 6)]
        )
        return optimizer

    ours, there = scenario(OUR_WORLDS[0]), run(TORCHS, "SparseAdam", steps=range(1, 7))
    assert_same(snapshot(ours), snapshot(there))


ERRORS = [
    pytest.param(info.name, given, id=f"{info.name}-{given.optimizer_error_input.desc}")
    for info in INFOS.values()
    for given in info.optim_error_inputs_func("cpu", torch.float32)
]


@pytest.mark.parametrize("method, given", ERRORS)
def test_torchs_own_list_of_errors(method, given):
    form = given.optimizer_error_input

    def step(world):
        params = (
            world.parameters(torch.ones(2, 2)) if form.params is None else form.params
        )
        world.make(method, params, **form.kwargs).step()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error, there = raised_by(step, OUR_WORLDS[0]), raised_by(step, TORCHS)
    assert type(error) is type(there) or isinstance(there, FutureWarning)
    assert len(str(error)) > len(str(there)) or isinstance(error, Warning)
    with pytest.raises(type(error), match=given.error_regex):
        raise error


REFUSED = {
    "a dense gradient": ("SparseAdam", (2, 2), torch.float32, False, "sparse=True"),
    "a sparse gradient": ("Muon", (2, 2), torch.float32, True, "sparse=False"),
    "complex numbers": ("Muon", (2, 2), torch.complex64, False, "to AdamW"),
    "no matrix": ("Muon", (2,), torch.float32, False, "the rest to AdamW"),
    "complex sparse": ("SparseAdam", (2,), torch.complex64, True, "view_as_real"),
}


@OURS
@pytest.mark.parametrize("name", REFUSED)
def test_what_the_rule_cannot_take_is_refused(world, name):
    """Before any parameter has moved, with torch's class and first words."""
    method, shape, dtype, is_sparse, advice = REFUSED[name]

    def step(world):
        parameters = world.parameters(torch.ones(shape, dtype=dtype))
        gradient = torch.ones(shape, dtype=dtype)
        gradient = gradient.to_sparse() if is_sparse else gradient
        travel(world, world.make(method, parameters), parameters, [[gradient]])

    error, there = raised_by(step, world), raised_by(step, TORCHS)
    assert type(error) is type(there)
    assert str(error).startswith(str(there).partition(",")[0].partition(":")[0])
    assert advice in str(error)


@OURS
def test_a_group_with_one_dense_gradient_stays_as_it_is(world):
    parameters = world.parameters(torch.ones(2), torch.ones(2))
    optimizer = world.make("SparseAdam", parameters)
    world.give(parameters, [torch.ones(2).to_sparse(), torch.ones(2)])
    assert type(raised_by(optimizer.step)) is RuntimeError
    assert [raw(each).tolist() for each in parameters] == [[1.0, 1.0]] * 2


@OURS
@pytest.mark.parametrize("method, array", [("Muon", [1.0]), ("SparseAdam", [1j])])
def test_a_group_that_is_added_is_checked_too(world, method, array):
    optimizer = world.make(method, world.parameters(torch.ones(2, 2)))
    (wrong,) = world.parameters(torch.tensor(array))
    error = raised_by(optimizer.add_param_group, {"params": [wrong]})
    assert type(error) is ValueError
    assert len(optimizer.param_groups) == 1


@OURS
def test_muon_scales_by_the_shape_without_a_bound(world):
    """What PyTorch has from 2.15 on: a wide matrix takes shorter steps."""
    ends = []
    for name in ("original", "spectral_unclamped"):
        (parameter,) = world.parameters(torch.zeros(1, 4))
        optimizer = world.make("Muon", [parameter], adjust_lr_fn=name, lr=1.0)
        travel(world, optimizer, [parameter], [[torch.ones(1, 4)]])
        ends.append(raw(parameter).clone())
    torch.testing.assert_close(ends[1], ends[0] / 2)


@OURS
def test_muon_only_reads_a_buffer_in_bfloat16(world):
    """PyTorch before 2.15 makes the buffer itself orthogonal."""
    (parameter,) = world.parameters(torch.zeros(2, 2, dtype=torch.bfloat16))
    optimizer = world.make("Muon", [parameter], nesterov=False, momentum=0.5)
    gradient = torch.tensor([[8.0, 0.0], [0.0, 2.0]], dtype=torch.bfloat16)
    travel(world, optimizer, [parameter], [[gradient]])
    (state,) = optimizer.state.values()
    assert torch.equal(raw(state["momentum_buffer"]), gradient / 2)
