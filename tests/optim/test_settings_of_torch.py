"""All settings with which torch tests its optimizers: ours go the same way.

The loop and the lists agree with torch's to the last bit, state and memory layout too;
on complex numbers, where torch orders its arithmetic otherwise, to rounding.
"""

import pytest
import torch
from torch.testing._internal.common_optimizers import optim_db

from tests.counted import CONFIGURATIONS
from tests.optim.optimizers import METHODS, OUR_WORLDS, REAL, TORCHS, assert_same
from tests.optim.trajectories import STEPS, snapshots

INFOS = {info.name: info for info in optim_db if info.name in METHODS}
SETTINGS = [
    pytest.param(name, given.kwargs, id=f"{name}-{given.desc}")
    for name, info in INFOS.items()
    for given in info.optim_inputs_func("cpu")
]
WAYS = [{"foreach": False}, {"foreach": True}, {}]
ROUNDING = {torch.complex64: {"rtol": 1.3e-6, "atol": 1e-5}}  # torch's own


def test_torch_has_settings_for_each_method():
    assert set(INFOS) == set(METHODS)
    assert all(len(info.optim_inputs_func("cpu")) >= 5 for info in INFOS.values())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64])
@pytest.mark.parametrize("name, options", SETTINGS)
def test_parameters_and_state_are_torchs(name, options, dtype, record_property):
    if dtype.is_complex and name in REAL:
        pytest.skip(f"{name} refuses complex numbers")
    count = 0
    for way in WAYS:
        if isinstance(options.get("lr"), torch.Tensor) and way.get("foreach") is None:
            way = {**way, "foreach": False}  # torch refuses the other for some
        there = snapshots(TORCHS, name, {**options, **way}, dtype)
        for world in OUR_WORLDS:
            here = snapshots(world, name, {**options, **way}, dtype)
            for got, expected in zip(here, there, strict=True):
                assert_same(got, expected, **ROUNDING.get(dtype, {}))
                count += 1
    assert count == len(WAYS) * len(OUR_WORLDS) * len(STEPS)
    record_property(CONFIGURATIONS, count)
