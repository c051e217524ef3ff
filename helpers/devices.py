"""Which devices are here, and how to run, time and compare work on them.

With this module one can
- list the devices here, and take the best (available_devices, default_device),
- make a run repeatable (seed_everything),
- wait until a device has finished (synchronize),
- time work on any device (Timer), and the best of many calls (seconds_per_call),
- ask whether every device gives the same result (same_on_every_device).

It is the only file of the course that asks which accelerator is here.
"""

import copy
import random
import time

import numpy as np
import torch

CUDA = "cuda"  # what torch calls NVIDIA's devices, and AMD's


def available_devices():
    """List the devices of this machine: the CPU first, then each accelerator.

    Accelerators are what PyTorch calls so: CUDA's devices, MPS, and others that it
    knows. Returns a list of `torch.device`, never empty. Used from chapter 00 on;
    chapter 13 is about the list's other entries.

    >>> available_devices()[0]
    device(type='cpu')
    """
    accelerator = torch.accelerator.current_accelerator()
    indices = range(torch.accelerator.device_count())
    return [torch.device("cpu"), *(torch.device(accelerator.type, i) for i in indices)]


def default_device():
    """Give the device to train on: the first accelerator, or the CPU without one.

    Returns a `torch.device`. Used from chapter 00 on.

    >>> default_device() in available_devices()
    True
    """
    devices = available_devices()
    return devices[1] if len(devices) > 1 else devices[0]


def seed_everything(seed):
    """Seed the generators of Python, NumPy and torch, on every device.

    `seed` is an integer from 0 to 2**32 - 1 (NumPy's limit). Raises `TypeError` for
    another type and `ValueError` outside that range. Used in every chapter.

    >>> seed_everything(0)
    >>> first = torch.rand(2)
    >>> seed_everything(0)
    >>> torch.equal(first, torch.rand(2))
    True
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(
            f"seed = {seed!r} is of type {type(seed).__name__}; allowed is an integer: "
            "pass for example seed_everything(0)"
        )
    if not 0 <= seed < 2**32:
        raise ValueError(
            f"seed = {seed}; allowed is 0 to 2**32 - 1: choose a number in that range"
        )
    random.seed(int(seed))
    np.random.seed(int(seed))
    torch.manual_seed(int(seed))


def synchronize(device=None):
    """Wait until `device` has finished all work that was sent to it.

    `device` is a `torch.device`, a name such as "cpu", or None for every device of
    this machine. On the CPU nothing is ever pending. Raises what torch raises for a
    device that is not here. Chapter 13 shows why a timing without it is wrong.

    >>> synchronize("cpu")
    """
    devices = available_devices() if device is None else [torch.device(device)]
    for each in devices:
        if each.type == "mps":
            torch.mps.synchronize()
        elif each.type != "cpu":
            torch.get_device_module(each).synchronize(each)


class Timer:
    """Measure the seconds that a `with` block takes, with the device's work in it.

    `device` is as in `synchronize`: the timer waits for it before it starts and again
    before it stops. `seconds` is None until the block ends, also by an exception.
    Chapters 13 and 14 measure with it.

    >>> with Timer("cpu") as timer:
    ...     total = torch.ones(1000).sum()
    >>> 0 < timer.seconds < 60
    True
    """

    def __init__(self, device=None):
        self.device = None if device is None else torch.device(device)
        self.seconds = None

    def __enter__(self):
        self.seconds = None
        synchronize(self.device)
        self._start = time.perf_counter()
        return self

    def __exit__(self, *exception):
        synchronize(self.device)
        self.seconds = time.perf_counter() - self._start


def seconds_per_call(function, device=None, least=0.01, rounds=3):
    """Time one call of a function without arguments, in seconds.

    In each of `rounds` (1 or more) it is called as often as fits into `least` seconds,
    once at least; the best round counts, since whatever else the machine does only adds
    time. The first call, which may compile or allocate, is not counted. `device` is as
    in `synchronize`: it is waited for around each round, not at each call. Raises
    `ValueError` for fewer than 1 round. Chapter 14 measures with it.

    >>> 0 < seconds_per_call(lambda: torch.ones(10).sum(), "cpu") < 60
    True
    """
    if rounds < 1:
        raise ValueError(
            f"rounds = {rounds}; allowed is 1 or more: leave it out for three"
        )
    function()
    with Timer(device) as first:
        function()
    calls = max(1, int(least / max(first.seconds, 1e-7)))
    times = []
    for _ in range(rounds):
        with Timer(device) as timer:
            for _ in range(calls):
                function()
        times.append(timer.seconds / calls)
    return min(times)


def same_on_every_device(function, *arguments, tolerance=1e-5, seed=0):
    """Tell whether `function(*arguments)` gives the same result on every device.

    Each device gets its own copy of the arguments: tensors, modules, and tuples, lists
    and dicts of them (float64 becomes float32 on MPS, which has no float64). All
    generators are seeded with `seed` before each run. The result is a tensor, a number,
    or a list, tuple or dict of them. Two results agree if they differ by at most
    `tolerance`, relative or absolute. Returns one True or False, so that a notebook
    prints the same on a machine without a GPU. Used from chapter 13 on.

    >>> same_on_every_device(torch.sum, torch.arange(4.0))
    True
    """
    results = []
    for device in available_devices():
        seed_everything(seed)
        results.append(function(*_copied_to(device, arguments)))
    return all(_close(other, results[0], tolerance) for other in results[1:])


def _copied_to(device, value):
    """Copy a nested value, its tensors and modules moved to `device`."""
    if isinstance(value, torch.Tensor):
        moved = value.detach().to(device, _dtype_on(device, value), copy=True)
        return moved.requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: _copied_to(device, item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        items = [_copied_to(device, item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if hasattr(value, "to"):
        return copy.deepcopy(value).to(device)
    return value


def _dtype_on(device, tensor):
    """The tensor's dtype, or float32 where the device has no float64."""
    if device.type == "mps" and tensor.dtype == torch.float64:
        return torch.float32
    return tensor.dtype


def _close(actual, expected, tolerance):
    """Compare two nested results by value, wherever they live."""
    try:
        torch.testing.assert_close(
            actual, expected, rtol=tolerance, atol=tolerance, equal_nan=True,
            check_device=False, check_dtype=False,
        )  # fmt: skip
    except AssertionError:
        return False
    return True
