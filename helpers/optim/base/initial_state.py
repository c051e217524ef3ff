"""The state that a parameter starts with: a count of steps, and zeros."""

import torch

from helpers.optim.base.parameters import array_of


def step_count(parameter, group, steps=0) -> torch.Tensor:
    """A count of steps as a 0-d tensor.

    It stays on the CPU, where reading it costs nothing, unless a kernel on the
    parameter's device reads it.
    """
    if group.get("capturable") or group.get("fused"):
        kind = {"dtype": torch.float32, "device": parameter.device}
    else:
        wide = torch.get_default_dtype() == torch.float64
        kind = {"dtype": torch.float64 if wide else torch.float32, "device": "cpu"}
    return torch.full((), steps, **kind)


def zeros_of(parameter, group) -> torch.Tensor:
    """Zeros like a parameter, laid out in memory as it is.

    A step through which gradients flow needs them in the parameter's own kind of
    tensor.
    """
    like = parameter if group.get("differentiable") else array_of(parameter)
    return torch.zeros_like(like, memory_format=torch.preserve_format)
