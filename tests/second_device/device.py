"""What PyTorch asks the second device about itself, and its guard."""

import contextlib

import torch

_run_backward_of_torch = torch.autograd._engine_run_backward


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
    """Says which kind of device it guards, also while a hook's error is on its way.

    PyTorch asks it in the middle of an error that a hook raised in `backward`; Python
    then raises a SystemError at the first call, and the process would end. The error
    is kept here, and `run_backward` raises it again.
    """

    lost = []

    def type_(self):
        """The private device."""
        try:
            raise LookupError
        except LookupError:
            pass
        except SystemError as error:
            self.lost.append(error.__cause__)
        return torch._C._autograd.DeviceType.PrivateUse1


def run_backward(*args, **options):
    """PyTorch's own `backward`, with the error that a hook of it raised."""
    try:
        return _run_backward_of_torch(*args, **options)
    except SystemError:
        if DeviceGuard.lost:
            raise DeviceGuard.lost.pop() from None
        raise
