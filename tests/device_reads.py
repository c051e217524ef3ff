"""How often a program waits for the numbers of a device."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

READING = {"aten::_local_scalar_dense", "aten::equal", "aten::nonzero"}
COPYING = {"aten::_to_copy", "aten::copy_"}


class Reads(TorchDispatchMode):
    """Counts, while it is on, how often numbers of `device` are read or copied away."""

    def __init__(self, device):
        super().__init__()
        self.device, self.count = device, 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.name()
        if name in READING:
            self.count += args[0].device == self.device
        elif name in COPYING and result.device.type == "cpu":
            tensors = [each for each in args if isinstance(each, torch.Tensor)]
            self.count += any(each.device == self.device for each in tensors)
        return result
