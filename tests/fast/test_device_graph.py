"""A device graph, with a stand-in for the device: warm-up, static batches, addresses.

No GPU is asked for: the stand-in records a function and its arrays where a device would
record kernels and addresses, and a replay calls it. What only a device can show is in
the last test, which skips without one.
"""

from contextlib import contextmanager

import pytest
import torch
import torch.nn.functional as F

from helpers import optim
from helpers.devices import available_devices
from helpers.fast import compiled_step, device_graph
from helpers.fast.device_graph import WARM_UPS, DeviceGraph, records_graphs
from tests.fast.training import assert_alike, mlp, plain_step, rows, twins


class FakeDevice:
    """What torch.cuda offers, on the CPU."""

    recordings = 0

    class CUDAGraph:
        """What was recorded."""

    class Stream:
        """A queue that is always empty."""

        def __init__(self, device=None):
            pass

        def wait_stream(self, other):
            """Nothing to wait for."""

    def current_stream(self, device):
        """The queue."""
        return self.Stream()

    @contextmanager
    def stream(self, stream):
        """A block on another queue."""
        yield

    @contextmanager
    def graph(self, graph):
        """A block that is recorded: its last call is replayed."""
        type(self).recordings += 1
        yield
        graph.replay = self.replay

    def get_rng_state(self, device):
        """The state of the CPU's generator."""
        return torch.get_rng_state()

    def set_rng_state(self, state, device):
        """Set it back."""
        torch.set_rng_state(state)


@pytest.fixture
def device_module(monkeypatch):
    """The stand-in, in the place of torch's module for the CPU."""
    fake = FakeDevice()
    monkeypatch.setattr(FakeDevice, "recordings", 0)
    monkeypatch.setattr(device_graph, "get_device_module", lambda device: fake)
    real = DeviceGraph.record

    def record(self, fixed, leaves):
        """While a device records, nothing is executed; a replay executes it."""
        calls = []
        run, count = self.run, WARM_UPS

        def counted(*arrays):
            calls.append(arrays)
            if len(calls) <= count:
                return run(*arrays)
            results = []

            def replay():
                results[:] = run(*arrays)

            fake.replay = replay
            return results

        self.run = counted
        real(self, fixed, leaves)
        self.run = run

    monkeypatch.setattr(DeviceGraph, "record", record)
    return fake


def recorded(model, optimizer):
    """A step that the stand-in records."""
    options = dict(backend="eager", cuda_graph=True)
    return compiled_step(model, F.cross_entropy, optimizer, **options)


def test_replays_take_new_batches_and_rates_to_where_the_first_lay(device_module):
    (model, optimizer), (twin, other) = twins(mlp, "Adam", lr=0.01)
    step = recorded(model, optimizer)
    losses = []
    for seed in range(8):
        for each in (optimizer, other):
            each.param_groups[0]["lr"] = 0.01 / (1 + seed)
        losses.append(step(*rows(seed=seed)))
        expected = plain_step(twin, F.cross_entropy, other, *rows(seed=seed))
        torch.testing.assert_close(losses[-1], expected, rtol=0, atol=1e-10)
    assert_alike(model, twin)
    assert step.compilations == device_module.recordings == 1
    assert len({loss.data_ptr() for loss in losses}) == 8  # copies, not one place


def test_state_that_was_loaded_is_recorded_anew(device_module):
    (model, optimizer), (twin, other) = twins(mlp, "Adam", lr=0.01)
    step = recorded(model, optimizer)
    for seed in range(6):
        step(*rows(seed=seed))
        plain_step(twin, F.cross_entropy, other, *rows(seed=seed))
        if seed == 3:
            optimizer.load_state_dict(optimizer.state_dict())
    assert_alike(model, twin)
    assert (step.compilations, device_module.recordings) == (1, 2)


def test_random_numbers_go_on_where_they_stood_before_the_warm_up(device_module):
    run = DeviceGraph(lambda array, leaf: [leaf + torch.rand(())], torch.device("cpu"))
    torch.manual_seed(0)
    expected = torch.rand(())
    torch.manual_seed(0)

    class Call:
        arrays, states, leaves = [], [], [torch.zeros(())]
        numbers = torch.zeros(1)

    assert torch.equal(run(Call())[0], expected)


def test_a_device_without_graphs_records_none():
    assert not records_graphs(torch.device("cpu"))


GRAPHS = [each for each in available_devices() if hasattr(
    torch.get_device_module(each), "CUDAGraph")]  # fmt: skip


@pytest.mark.skipif(not GRAPHS, reason="no device here records graphs: CUDA is absent")
def test_a_device_that_records_ends_where_the_plain_loop_does():
    (model, optimizer), (twin, other) = twins(mlp, "Adam", lr=0.01)
    model.to(GRAPHS[0])
    twin.to(GRAPHS[0])
    step = recorded(model, optimizer)
    schedules = [optim.lr_scheduler.ExponentialLR(o, 0.9) for o in (optimizer, other)]
    for seed in range(20):
        batch = [each.to(GRAPHS[0]) for each in rows(seed=seed)]
        step(*batch)
        plain_step(twin, F.cross_entropy, other, *batch)
        for schedule in schedules:
            schedule.step()
    assert_alike(model, twin, 1e-8)
    assert step.compilations == 1
