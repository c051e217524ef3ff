"""The states of all random generators: Python's, NumPy's, torch's on every device."""

import random

import numpy as np
import torch

from helpers.devices import available_devices


def random_states():
    """Give the states of all global generators, as tensors and plain values."""
    version, numbers, gauss = random.getstate()
    name, keys, *rest = np.random.get_state()
    return {
        "python": (version, torch.tensor(numbers), gauss),
        "numpy": (name, torch.from_numpy(keys.astype(np.int64)), *rest),
        "cpu": torch.get_rng_state(),
        "devices": {
            str(device): torch.get_device_module(device).get_rng_state(device)
            for device in available_devices()[1:]
        },
    }


def set_random_states(states):
    """Put all generators back; a device that isn't here is left out."""
    version, numbers, gauss = states["python"]
    random.setstate((version, tuple(numbers.tolist()), gauss))
    name, keys, *rest = states["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))
    torch.set_rng_state(states["cpu"])
    for device in available_devices()[1:]:
        if str(device) in states["devices"]:
            state = states["devices"][str(device)]
            torch.get_device_module(device).set_rng_state(state, device)
