"""A second device for machines that have none: PyTorch's private one, on CPU memory.

A tensor on it is an ordinary `torch.Tensor`: its storage says that it lies on the
device `second:0`, and holds the CPU's storage whose bytes it names. Each operation that
PyTorch does not compose of others runs on CPU tensors over the same bytes. So views,
versions and autograd are PyTorch's own, and so is what it says of mixed devices.

It stands on an experimental interface of PyTorch's, and differs from a GPU: nothing
runs later, random numbers are the CPU's, there are no sparse tensors, and `Module.to`
makes new parameters (PyTorch lets no `.data` move to a private device). A hook in
Python that raises while its backward runs ends the process.
"""

import functools

import torch
from torch.utils import backend_registration

NAME = "second"


def missing():
    """Why there is no such device here, in words; None where there is one."""
    set_up_name = "_setup_privateuseone_for_python_backend"
    if not (hasattr(backend_registration, set_up_name) and hasattr(torch._C, "_acc")):
        return f"PyTorch {torch.__version__} has no private device written in Python"
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator and accelerator.type != NAME:
        return f"this machine has a second device of its own: {accelerator}"
    return None


@functools.cache
def set_up():
    """Make the device known to PyTorch, if there can be one: before any `backward`."""
    if missing():
        return
    from tests.second_device import autocast, device, kernels, memory

    backend_registration._setup_privateuseone_for_python_backend(
        NAME, device.DeviceModule(), device_guard=device.DeviceGuard()
    )
    backend_registration._generate_storage_methods_for_privateuse1_backend(NAME)
    torch.UntypedStorage.__new__ = memory.new_storage
    kernels.register()
    autocast.register()
