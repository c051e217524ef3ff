"""A step recorded once by the device, and replayed without Python (CUDA graphs)."""

import torch
from torch import get_device_module

from helpers.fast.arrays import spec
from helpers.optim.base.parameters import array_of

WARM_UPS = 3


def records_graphs(device):
    """Whether a device can record what it executes."""
    return hasattr(get_device_module(device), "CUDAGraph")


def move_state(slots, device):
    """Bring an optimizer's counts to the device: a graph reads no other memory."""
    for state, name in slots:
        if array_of(state[name]).device != device:
            state[name] = state[name].to(device)


class DeviceGraph:
    """A function whose kernels are recorded at the first call, and replayed after.

    Args:
        run: a function of arrays on one device that changes some in place.
        device: that device.

    A graph knows addresses, not tensors. So the batch is copied to where the first one
    lay, and what the step changes must lie where it lay; if it doesn't (after loading a
    checkpoint), the kernels are recorded anew. Numbers that change, such as a rate, are
    read from an array.

    Source: torch.cuda.graph and its notes on CUDA graphs: warm up on a side stream,
    record, replay. What the warm-up changed is put back.
    """

    def __init__(self, run, device):
        self.run, self.device = run, device
        self.addresses = None

    def __call__(self, call):
        """The results of a step, as copies: the next step overwrites its own."""
        fixed = [*call.arrays, *call.states, call.numbers]
        addresses = [array.data_ptr() for array in fixed]
        if addresses != self.addresses:
            self.record(fixed, call.leaves)
            self.addresses = addresses
        for place, leaf in zip(self.leaves, call.leaves, strict=True):
            place.copy_(leaf, non_blocking=True)
        self.graph.replay()
        return [each.clone() for each in self.results]

    def record(self, fixed, leaves):
        """Warm up on a side stream, put everything back, and record."""
        device = get_device_module(self.device)
        self.leaves = [like(leaf, self.device) for leaf in leaves]
        kept = [array.clone() for array in fixed]
        randomness = device.get_rng_state(self.device)
        side = device.Stream(self.device)
        side.wait_stream(device.current_stream(self.device))
        with device.stream(side):
            for _ in range(WARM_UPS):
                self.run(*fixed, *self.leaves)
        device.current_stream(self.device).wait_stream(side)
        for array, before in zip(fixed, kept, strict=True):
            array.copy_(before)
        device.set_rng_state(randomness, self.device)
        self.graph = device.CUDAGraph()
        with device.graph(self.graph):
            self.results = self.run(*fixed, *self.leaves)


def like(leaf, device):
    """A copy of a batch's tensor that stays where it is, on a device."""
    (shape, dtype, *_), stride = spec(leaf)
    return torch.empty_strided(shape, stride, dtype=dtype, device=device).copy_(leaf)
