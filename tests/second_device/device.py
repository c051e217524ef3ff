"""What PyTorch asks the second device about itself, and its guard."""

import contextlib

import torch


class DeviceModule:
    """What PyTorch asks a device about itself: `torch.get_device_module("second")`."""

    device = contextlib.nullcontext
    graph = contextlib.nullcontext  # so PyTorch and we allow capturable=True on it

    def is_available(self):
        """It is always there."""
        return True

    is_initialized = is_available

    def _is_in_bad_fork(self):
        return False

    def device_count(self):
        """There is one."""
        return 1

    def current_device(self):
        """It is the first."""
        return 0

    def synchronize(self, device=None):
        """Nothing is ever pending."""

    def get_amp_supported_dtype(self):
        """It computes in every dtype that the CPU has."""
        return [torch.bfloat16, torch.float16]

    def manual_seed_all(self, seed):
        """Its random numbers come from the CPU's generator, which has been seeded."""

    def get_rng_state(self, device=None):
        """The state of the CPU's generator."""
        return torch.get_rng_state()

    def set_rng_state(self, state, device=None):
        """Set the CPU's generator."""
        torch.set_rng_state(state)


class DeviceGuard(torch._C._acc.DeviceGuard):
    """Says which kind of device it guards."""

    def type_(self):
        """The private device."""
        return torch._C._autograd.DeviceType.PrivateUse1
