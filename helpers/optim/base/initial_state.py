"""The state that a parameter starts with: a count of steps, other numbers, zeros."""

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
        kind = {"dtype": dtype_of_counts(), "device": "cpu"}
    return torch.full((), steps, **kind)


def dtype_of_counts() -> torch.dtype:
    """float64 if that is the default, and else float32, as in torch."""
    wide = torch.get_default_dtype() == torch.float64
    return torch.float64 if wide else torch.float32


def numbers_to_tensors(optimizer, device="cpu"):
    """Make 0-d tensors of the plain numbers that state was saved with before 2022.

    `device` is where they go, None for that of their parameter; capturable, always.
    """
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            state = optimizer.state.get(parameter, {})
            there = parameter.device if group.get("capturable") else device
            for name in optimizer.number_names:
                if name in state and not isinstance(state[name], torch.Tensor):
                    place = {"dtype": dtype_of_counts()}
                    place["device"] = there or parameter.device
                    state[name] = torch.tensor(state[name], **place)


def zeros_of(parameter, group) -> torch.Tensor:
    """Zeros like a parameter, laid out in memory as it is.

    A step through which gradients flow needs them in the parameter's own kind of
    tensor.
    """
    like = parameter if group.get("differentiable") else array_of(parameter)
    return torch.zeros_like(like, memory_format=torch.preserve_format)


def zero_state(parameter, group, names) -> dict:
    """A count of no steps, and under each name zeros like the parameter."""
    zeros = {name: zeros_of(parameter, group) for name in names}
    return {"step": step_count(parameter, group), **zeros}
