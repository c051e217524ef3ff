"""Run torch's own kernel for a rule over many parameters (fused=True).

A kernel reads and writes memory once, where the rule goes over it several times. It
trusts its caller: it reads no strides, so that it moves a transposed parameter wrongly,
and moves no versions, so that `backward()` would not notice the step. Here what it is
given is checked, and versions are moved; what doesn't fit goes by the rule.
"""

import torch
from torch.autograd.graph import increment_version
from torch.utils._foreach_utils import _get_fused_kernels_supported_devices

from helpers.optim.base.options import number_of
from helpers.optim.base.parameters import PLAIN_TYPES
from helpers.optim.execution.state import advance_steps


def fused(optimizer, group, arrays, gradients, states):
    """One step in the kernel of the optimizer's class (`fused_step`)."""
    lists = {name: states.column(name) for name in states[0]}
    if "step" in lists:
        advance_steps(lists["step"])
    options = kernel_options(group, arrays[0].device)
    optimizer.fused_step(arrays, gradients, lists, options)
    increment_version(arrays)
    for name in lists.keys() - {"step"}:
        increment_version(lists[name])


def kernel_options(group, device) -> dict:
    """The options of a group as numbers; a rate on a GPU stays there, and unread."""
    options = {name: number_of(group[name]) for name in group if name != "lr"}
    rate = group["lr"]
    if isinstance(rate, torch.Tensor) and rate.device.type != "cpu":
        return {**options, "lr": rate.reshape(()).to(device, torch.float32)}
    return {**options, "lr": number_of(rate)}


def has_kernel(optimizer):
    """Whether a class has a kernel for the rule that the optimizer runs.

    A subclass, or a user, may have put another `update` in the place of the one that
    the kernel stands for.
    """
    rule = optimizer.update, optimizer.step_constants
    ours = [getattr(each, "__func__", None) for each in rule]
    return ours == optimizer.rule_of_kernel


def check_real(arrays):
    """Raise `RuntimeError` for parameters that no kernel takes."""
    for array in arrays:
        if not array.is_floating_point():
            raise RuntimeError(
                "`fused=True` requires all the params to be floating point Tensors, "
                f"and one is of {array.dtype}: leave fused out"
            )


def fits_kernel(optimizer, group, array, gradient, state):
    """Whether a kernel can take a parameter, its gradient and its state.

    They are plain tensors of one dtype, device and layout, without gaps. A parameter
    whose first step makes its state takes that step by the rule.
    """
    fresh = optimizer.has_state(group) and not state
    if fresh or not state.keys() <= set(optimizer.state_names):
        return False
    if array.device.type not in _get_fused_kernels_supported_devices():
        return False
    if not fits_step(state.get("step"), array):
        return False
    others = gradient, *(state[name] for name in state if name != "step")
    members = array, *others
    if not all(type(each) in PLAIN_TYPES and is_readable(each) for each in members):
        return False
    return is_dense(array) and all(kind(each) == kind(array) for each in others)


def fits_step(step, array):
    """Whether a kernel can read a count of steps, if there is one."""
    if step is None:
        return True
    wanted = torch.float32, array.device, 0
    is_tensor = isinstance(step, torch.Tensor)
    return is_tensor and (step.dtype, step.device, step.dim()) == wanted


def is_readable(array):
    """Whether an array's memory holds its numbers as they are."""
    return array.layout == torch.strided and not array.is_neg()


def is_dense(array):
    """Whether an array fills its memory without gaps, in some order of dimensions."""
    order = sorted(range(array.dim()), key=lambda d: array.stride(d), reverse=True)
    return array.permute(order).is_contiguous()


def kind(array):
    """What a kernel wants alike: dtype, device, shape and order in memory."""
    pairs = zip(array.shape, array.stride(), strict=True)
    strides = [stride for size, stride in pairs if size != 1]
    return array.dtype, array.device, array.shape, strides
