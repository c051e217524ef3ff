"""Start and end this process's part of a run on many machines."""

import os
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import torch
import torch.distributed as dist
from torch.distributed.distributed_c10d import _get_default_store

from helpers.devices import available_devices
from helpers.parallel.answering import Answering

LAUNCHER = ("RANK", "WORLD_SIZE", "LOCAL_RANK")  # what torchrun tells each process
_devices = []  # that of the group which `start` has made, while it lasts


class Here(NamedTuple):
    """Which of the processes this one is, how many there are, and its device.

    Made by `start`.

    >>> Here(rank=1, size=4, device=torch.device("cpu")).rank
    1
    """

    rank: int
    size: int
    device: torch.device


@contextmanager
def start(timeout=300.0, store=None, rank=None, size=None, device=None):
    """Join the other processes for a `with` block, and leave them at its end.

    Under torchrun, without arguments: it says which process this is. Without torchrun
    a script runs as one process. The device is the accelerator of this process's
    place on its machine, or the CPU; the backend is torch's for that device (gloo on
    the CPU, NCCL on CUDA).

    Args:
        timeout (float): the seconds that a collective may take before the others count
            as lost. On CUDA, NCCL ends the process then. Default: 300.
        store: a `torch.distributed` store, for processes that torchrun didn't start;
            then `rank` and `size` are needed too. Default: None.
        rank (int): which process this is, from 0. Default: what torchrun says.
        size (int): how many there are. Default: what torchrun says.
        device: "cpu", for processes that share one accelerator or leave it alone.
            Default: None, this process's accelerator.

    Yields:
        Here: rank, size and device.

    Raises:
        ValueError: a timeout that isn't above 0, or only some of the three others.

    Chapter 15 builds it.

    >>> with start() as here:
    ...     here.rank, here.size
    (0, 1)
    """
    _check(timeout, store, rank, size)
    local_rank = rank
    if store is None:
        store, rank, size, local_rank = _place()
    device = _device(local_rank) if device is None else torch.device(device)
    dist.init_process_group(
        _backend(device), store=store, rank=rank, world_size=size,
        timeout=timedelta(seconds=timeout),
    )  # fmt: skip
    _devices.append(device)
    try:
        with Answering(_get_default_store(), rank):
            yield Here(rank, size, device)
    finally:
        _devices.pop()
        dist.destroy_process_group()


def _check(timeout, store, rank, size):
    """Refuse a timeout that isn't one, and half an answer to which process this is."""
    if not timeout > 0:
        raise ValueError(
            f"timeout = {timeout}; allowed are seconds above 0: pass timeout=300"
        )
    given = [each is not None for each in (store, rank, size)]
    if any(given) and not all(given):
        raise ValueError(
            f"store = {store}, rank = {rank}, size = {size}; allowed are all three or "
            "none: give all, or start the script with torchrun and give none"
        )


def _place():
    """Store, rank, size and rank on this machine, from torchrun; or of one process."""
    if not all(name in os.environ for name in LAUNCHER):
        return dist.HashStore(), 0, 1, 0
    store, rank, size = next(dist.rendezvous("env://"))
    return store, rank, size, int(os.environ["LOCAL_RANK"])


def _device(local_rank):
    """The accelerator of this process, made the current one; or the CPU."""
    accelerators = [each for each in available_devices()[1:] if _backend(each)]
    if not accelerators:
        return torch.device("cpu")
    device = accelerators[local_rank % len(accelerators)]
    torch.get_device_module(device).set_device(device)
    return device


def _backend(device):
    """The backend that torch takes for a device, or None if it has none."""
    return dist.Backend.default_device_backend_map.get(device.type)


def group_device():
    """Where tensors of a collective must lie: the CPU for gloo, else the accelerator's.

    Also in a process group that `start` has not made.
    """
    if _devices:
        return _devices[-1]
    for device in available_devices()[1:]:
        if dist.get_backend() == _backend(device):
            index = torch.get_device_module(device).current_device()
            return torch.device(device.type, index)
    return torch.device("cpu")
