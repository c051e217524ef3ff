"""`fused=True`: torch's kernels go where torch's loop goes, and refuse what torch does.

torch's own fused steps are a measure for parameters that lie in order only: they read a
transposed one and its gradient in the order of memory, and so move it wrongly, and
SGD's fail where one parameter has a momentum buffer and another has none.
"""

import pytest
import torch

from tests import counted
from tests.engines import compare, raw
from tests.optim.kernel_cases import COMMON, OPTIONS, count_kernels
from tests.optim.optimizers import (
    KERNELS,
    OUR_WORLDS,
    OURS_ON_OURS,
    TORCHS,
    WORLDS,
    assert_same,
    raised_by,
    snapshot,
)
from tests.optim.trajectories import STEPS, snapshots, travel

OURS = OUR_WORLDS[0]
CONFIGURATIONS = [
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, OURS),
    ("SGD", {"lr": 0.1, "maximize": True}, OURS_ON_OURS),  # no state, no read
    ("Adagrad", {"weight_decay": 0.1, "lr_decay": 0.1}, OURS),
    ("Adam", {"weight_decay": 0.1, "amsgrad": True}, OURS_ON_OURS),
    ("AdamW", {"lr": 0.01}, OURS),
]


@pytest.mark.parametrize("method, options, world", CONFIGURATIONS, ids=str)
def test_a_fused_run_ends_where_torchs_does(method, options, world, record_property):
    here = snapshots(world, method, {**options, "fused": True}, torch.float64)
    there = snapshots(TORCHS, method, {**options, "foreach": False}, torch.float64)
    for got, expected in zip(here, there, strict=True):
        assert_same(got, expected, check_stride=False, rtol=1e-12, atol=1e-12)
    record_property(counted.CONFIGURATIONS, len(STEPS))


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_complex_parameters_are_refused(world):
    def step(world, **way):
        parameter = world.parameter(torch.ones(2, dtype=torch.complex64))
        optimizer = world.make("Adam", [parameter], **way)
        travel(world, optimizer, [parameter], [[torch.ones(2, dtype=torch.complex64)]])

    error = raised_by(lambda: step(world, fused=True))
    assert (
        type(error) is type(raised_by(lambda: step(TORCHS, fused=True))) is RuntimeError
    )
    for part in (
        "`fused=True` requires all the params to be floating",
        "torch.complex64",
        "leave fused out",
    ):
        assert part in str(error)
    assert raised_by(lambda: step(world)) is None


@pytest.mark.parametrize("method", ["SGD", "Adagrad"])
@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_sparse_gradients_are_refused(world, method):
    parameter = world.parameter(torch.ones(2, 2))
    parameter.grad = world.tensor(torch.eye(2).to_sparse())
    optimizer = world.make(method, [parameter], fused=True)
    error = raised_by(optimizer.step)
    assert type(error) is RuntimeError
    for part in ("`fused`", "sparse gradients", "sparse=False"):
        assert part in str(error)
    assert raw(parameter).tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_a_saved_count_of_steps_is_made_float32_for_a_kernel():
    def scenario(world):
        parameter = world.parameter(torch.ones(2))
        optimizer = world.make("Adam", [parameter])
        travel(world, optimizer, [parameter], [[torch.ones(2)]])
        saved = optimizer.state_dict()
        saved["state"][0]["step"] = saved["state"][0]["step"].double()
        saved["param_groups"][0]["fused"] = True
        optimizer.load_state_dict(saved)
        return str(snapshot(optimizer)[0][1]["step"].dtype)

    assert compare(scenario, WORLDS) == "torch.float32"


@pytest.fixture
def kernels(monkeypatch):
    """How many parameters have gone to a kernel, by method."""
    return count_kernels(monkeypatch)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("method", KERNELS)
def test_bits_are_those_of_torchs_fused_steps(method, dtype, kernels):
    """In bfloat16 the kernel rounds once; SGD makes its buffers by the rule."""
    shapes = [(), (1,), (7,), (0, 3), (33,), (5, 13), (1_025,)]
    for options in OPTIONS[method]:
        if dtype == torch.bfloat16 and options.get("momentum"):
            continue
        for common in COMMON:
            ends = []
            for world in (OURS, TORCHS):
                torch.manual_seed(5)
                start = [torch.randn(shape, dtype=dtype) for shape in shapes]
                parameters = world.parameters(*start)
                make = {**options, **common, "lr": 0.1, "fused": True}
                optimizer = world.make(method, parameters, **make)
                for _ in range(4):
                    given = [torch.randn(shape, dtype=dtype) for shape in shapes]
                    world.give(parameters, given)
                    optimizer.step()
                ends.append([raw(each) for each in parameters])
            for got, expected in zip(*ends, strict=True):
                assert torch.equal(got, expected)
    assert sum(kernels.values()) > 0


@pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
def test_steps_of_different_counts_are_each_counted(world):
    """A parameter that had no gradient for some steps has a count of its own."""
    parameters = [world.leaf(1.0), world.leaf(2.0)]
    optimizer = world.make("Adam", parameters, fused=True)
    one = torch.ones(1, dtype=torch.float64)
    for absent in (True, True, False):
        world.give(parameters, [one, None if absent else one])
        optimizer.step()
    counts = [optimizer.state[each]["step"] for each in parameters]
    assert [each.item() for each in counts] == [3.0, 1.0]
    assert all((each.dtype, each.dim()) == (torch.float32, 0) for each in counts)


@pytest.mark.parametrize("lr", [torch.tensor(0.1), torch.tensor([0.1])], ids=str)
@pytest.mark.parametrize("method", KERNELS)
def test_a_rate_in_a_tensor(method, lr, kernels):
    def scenario(world):
        parameters = [world.leaf(1.0, 2.0)]
        optimizer = world.make(method, parameters, lr=lr.clone(), fused=True)
        for _ in range(3):
            world.give(parameters, [torch.ones(2, dtype=torch.float64)])
            optimizer.step()
            optimizer.param_groups[0]["lr"].mul_(0.5)
        return parameters

    compare(scenario, WORLDS)
    assert kernels


def test_a_scaler_of_mixed_precision_skips_and_halves():
    def scenario(world):
        parameters = [world.leaf(1.0, 2.0)]
        optimizer = world.make("Adam", parameters, lr=0.1, fused=True)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        for factor in (1.0, float("inf"), 2.0):
            optimizer.zero_grad()
            loss = scaler.scale(parameters[0].square().sum() * factor)
            loss.backward()
            scaler.step(optimizer)
            scaler.update()
        return parameters, scaler.get_scale(), optimizer.state[parameters[0]]["step"]

    _, scale, steps = compare(scenario, [TORCHS, OURS])
    assert (scale, steps) == (512.0, 2.0)
