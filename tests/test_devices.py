"""Devices: found, seeded, waited for, timed, and compared."""

import random
import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers import devices
from helpers.devices import (
    Timer,
    available_devices,
    default_device,
    same_on_every_device,
    seconds_per_call,
    seed_everything,
    synchronize,
)
from tests import second_device


def test_cpu_comes_first_and_nothing_twice():
    found = available_devices()
    assert found[0] == torch.device("cpu")
    assert len(found) == len(set(found))


def test_every_accelerator_is_listed():
    count = torch.cuda.device_count() + torch.backends.mps.is_available()
    of_tests = second_device.missing() is None
    assert len(available_devices()) == 1 + count + of_tests


def test_each_device_computes(device):
    assert torch.ones(3, device=device).sum().item() == 3


@pytest.mark.parametrize(
    "names", [["cpu"], ["cpu", "cuda:0", "cuda:1"], ["cpu", "mps"]]
)
def test_default_device_is_the_first_accelerator(monkeypatch, names):
    listed = [torch.device(name) for name in names]
    monkeypatch.setattr(devices, "available_devices", lambda: listed)
    assert default_device() == listed[min(1, len(listed) - 1)]


@given(st.integers(0, 2**32 - 1))
def test_a_seed_fixes_all_generators(seed):
    def draw():
        seed_everything(seed)
        return random.random(), np.random.rand(), torch.rand(()).item()

    assert draw() == draw()


def test_a_seed_fixes_the_generator_of_the_device(device):
    def draw():
        seed_everything(3)
        return torch.rand(4, device=device)

    assert torch.equal(draw(), draw())


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match=f"seed = {seed}; allowed is 0 to"):
        seed_everything(seed)


@pytest.mark.parametrize("seed", [1.0, "1", None, True])
def test_a_seed_of_another_type_is_refused(seed):
    with pytest.raises(TypeError, match="allowed is an integer"):
        seed_everything(seed)


def test_synchronize_waits_for_what_was_sent(device):
    total = torch.ones(500, 500, device=device) @ torch.ones(500, 500, device=device)
    synchronize(device)
    synchronize(str(device))
    synchronize()
    assert total[0, 0].item() == 500


def test_timer_has_no_seconds_before_its_end(device):
    with Timer(device) as timer:
        assert timer.seconds is None
        time.sleep(0.02)
    assert 0.02 <= timer.seconds < 10


def test_a_call_is_timed_alone_and_the_first_is_not_counted(device):
    calls = []

    def work():
        calls.append(time.sleep(0.05 if not calls else 0.002))

    assert 0.002 <= seconds_per_call(work, device, least=0.01, rounds=2) < 0.05
    assert 4 <= len(calls) <= 12


def test_a_call_longer_than_a_round_is_made_once_a_round():
    calls = []
    seconds_per_call(lambda: calls.append(time.sleep(0.01)), "cpu", 0.001, rounds=2)
    assert len(calls) == 4


def test_no_rounds_are_refused():
    with pytest.raises(ValueError, match="1 or more"):
        seconds_per_call(int, "cpu", rounds=0)


def test_timer_keeps_the_time_of_a_block_that_raises():
    with pytest.raises(ZeroDivisionError), Timer("cpu") as timer:
        1 / 0  # noqa: B018
    assert timer.seconds >= 0


def test_timer_waits_before_it_starts_and_before_it_stops(monkeypatch):
    events = []
    clock = iter([10.0, 12.5])
    monkeypatch.setattr(devices, "synchronize", lambda device: events.append("wait"))
    monkeypatch.setattr(
        devices.time, "perf_counter", lambda: events.append("clock") or next(clock)
    )
    with Timer("cpu") as timer:
        events.append("work")
    assert events == ["wait", "clock", "work", "wait", "clock"]
    assert timer.seconds == 2.5


def test_timer_counts_the_work_of_the_device(device):
    """Enough work that sending it is far shorter than doing it."""
    size = 600 if device.type in ("cpu", second_device.NAME) else 4000
    matrix = torch.ones(size, size, device=device)
    matrix @ matrix
    with Timer(device) as one:
        matrix @ matrix
    with Timer(device) as twenty:
        for _ in range(20):
            matrix @ matrix
    assert twenty.seconds > 4 * one.seconds


def two_devices(monkeypatch):
    """Pretend that there is a second device: the CPU again."""
    cpu = torch.device("cpu")
    monkeypatch.setattr(devices, "available_devices", lambda: [cpu, cpu])


def test_same_results_are_the_same(monkeypatch):
    two_devices(monkeypatch)
    layer = torch.nn.Linear(2, 1)
    batch = {"inputs": torch.ones(3, 2), "rows": (0, [torch.tensor(1)])}

    def outputs(layer, batch):
        return {"loss": layer(batch["inputs"]).sum(), "noise": torch.rand(2)}

    assert same_on_every_device(outputs, layer, batch)


def test_a_difference_is_seen(monkeypatch):
    two_devices(monkeypatch)
    calls = []

    def drifting(values):
        calls.append(None)
        return values + 1e-3 * len(calls)

    assert not same_on_every_device(drifting, torch.ones(2))
    assert same_on_every_device(drifting, torch.ones(2), tolerance=0.1)


def test_a_nan_equals_a_nan(monkeypatch):
    two_devices(monkeypatch)
    assert same_on_every_device(torch.log, torch.tensor([-1.0, 1.0]))


def test_the_arguments_stay_as_they_were(monkeypatch):
    two_devices(monkeypatch)
    values = torch.ones(2, requires_grad=True)
    layer = torch.nn.Linear(2, 1)
    weight = layer.weight.detach().clone()

    def spoil(values, layer):
        assert values.requires_grad
        values.data.zero_()
        layer.weight.data.zero_()
        return values.sum()

    assert same_on_every_device(spoil, values, layer)
    assert values.tolist() == [1.0, 1.0]
    assert torch.equal(layer.weight, weight)


def test_every_device_agrees_on_a_small_network():
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
    )

    def gradients(network, inputs):
        network(inputs).square().mean().backward()
        return [parameter.grad for parameter in network.parameters()]

    assert same_on_every_device(gradients, network, torch.randn(16, 4))


def test_arguments_arrive_on_the_device(device, monkeypatch):
    monkeypatch.setattr(devices, "available_devices", lambda: [device])
    seen = []
    same_on_every_device(lambda value: seen.append(value.device), torch.ones(1))
    assert seen[0].type == device.type


def test_float64_becomes_float32_only_on_mps():
    tensor = torch.ones(1, dtype=torch.float64)
    assert devices._dtype_on(torch.device("mps"), tensor) == torch.float32
    assert devices._dtype_on(torch.device("cpu"), tensor) == torch.float64
