"""Threads: one for each worker of a test run, and several where a reader has them."""

import pytest
import torch
import torch.nn.functional as F

from helpers.devices import seed_everything
from tests.engines import Sample, compare_gradients
from tests.optim.optimizers import KERNELS, OUR_WORLDS, TORCHS, assert_same, snapshot
from tools.pytest_plugins.sharing import IS_WORKER

LARGE = 100_000  # numbers: more than what one thread is given


@pytest.fixture
def several_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_a_worker_computes_with_one_thread():
    assert torch.get_num_threads() == 1 or not IS_WORKER


@pytest.mark.parametrize(
    "way", [{"foreach": False}, {"foreach": True}, {"fused": True}]
)
@pytest.mark.parametrize("method", KERNELS)
def test_steps_on_large_arrays_are_torchs_to_the_last_bit(several_threads, method, way):
    def steps(world):
        chance = torch.Generator().manual_seed(1)
        (parameter,) = world.parameters(torch.randn(LARGE, generator=chance))
        optimizer = world.make(method, [parameter], lr=0.01, **way)
        for _ in range(3):
            world.give([parameter], [torch.randn(LARGE, generator=chance)])
            optimizer.step()
        return snapshot(optimizer)

    for world in OUR_WORLDS:
        assert_same(steps(world), steps(TORCHS))


FUNCTIONS = {
    "sum": lambda x: (x * x).sum(),
    "matmul": lambda x: x @ x.t(),
    "pooling": lambda x: F.max_pool2d(x.exp()[None], 2),
    "softmax": lambda x: x.softmax(1),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_of_large_arrays_are_torchs(several_threads, name):
    seed_everything(0)
    array = torch.randn(250, 400, dtype=torch.float64, requires_grad=True)
    compare_gradients(Sample(FUNCTIONS[name], (array,), {}))
