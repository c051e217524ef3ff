"""`fused=True`: what torch's compiler makes of the rules goes where torch's loop goes.

Each configuration costs seconds for the compiler, so there are few: together they take
most branches of the rules. torch's own fused kernels are no measure here. They read a
transposed parameter and its gradient in the order of memory, and so move it wrongly,
and SGD's fail where one parameter has a momentum buffer and another has none.
"""

import pytest
import torch

from tests.engines import compare, raw
from tests.optim.optimizers import (
    OUR_WORLDS,
    OURS_ON_OURS,
    TORCHS,
    WORLDS,
    assert_same,
    raised_by,
    snapshot,
)
from tests.optim.test_settings_of_torch import COMPARED
from tests.optim.trajectories import STEPS, snapshots, travel

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit")  # the compiler's own
OURS = OUR_WORLDS[0]
CONFIGURATIONS = [
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, OURS),
    ("SGD", {"lr": 0.1, "maximize": True}, OURS_ON_OURS),  # no state, no read
    ("Adagrad", {"weight_decay": 0.1, "lr_decay": 0.1}, OURS),
    ("Adam", {"weight_decay": 0.1, "amsgrad": True}, OURS_ON_OURS),
    ("AdamW", {"lr": 0.01}, OURS),
]


@pytest.mark.filterwarnings("error:fused=True")  # which would run without the compiler
@pytest.mark.parametrize("method, options, world", CONFIGURATIONS, ids=str)
def test_a_fused_run_ends_where_torchs_does(method, options, world, record_property):
    here = snapshots(world, method, {**options, "fused": True}, torch.float64)
    there = snapshots(TORCHS, method, {**options, "foreach": False}, torch.float64)
    for got, expected in zip(here, there, strict=True):
        assert_same(got, expected, check_stride=False, rtol=1e-12, atol=1e-12)
    record_property(COMPARED, len(STEPS))


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
