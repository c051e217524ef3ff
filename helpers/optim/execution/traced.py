"""A rule run for a step that a compiler or autograd watches: nothing in place."""

from functools import partial

import torch

from helpers.optim.base.parameters import array_of
from helpers.optim.execution.functional import update_once
from helpers.optim.execution.loop import begin, count, update_pairs


def out_of_place(optimizer, group, parameters):
    """The loop for a step that a compiler or autograd watches."""
    states = begin(optimizer, group, parameters)
    as_it_is = group.get("differentiable")
    keep_tensor = not as_it_is or group.get("capturable")
    for parameter, state in zip(parameters, states, strict=True):
        check_watched(parameter, state, group)
        step = count(state, keep_tensor)
        at = {**group, **optimizer.rates(group, step)}
        array = parameter if as_it_is else array_of(parameter)
        gradient = parameter.grad if as_it_is else array_of(parameter.grad)
        gradient = -gradient if group.get("maximize") else gradient
        work = partial(update_once, optimizer.update, keep=as_it_is)
        if array.is_complex():
            update_pairs(work, array, gradient, state, at)
        else:
            work(array, gradient, state, at)


def check_watched(parameter, state, group):
    """Raise for a step that can't be captured, or a count that wants a gradient."""
    step, device = state.get("step"), parameter.device
    if group.get("differentiable") and step is not None and step.requires_grad:
        raise RuntimeError(
            "`requires_grad` is not supported for `step` in differentiable mode: the "
            "number of steps is no parameter. Detach it"
        )
    if not group.get("capturable") or torch.compiler.is_compiling():
        return
    captures = hasattr(torch.get_device_module(device), "graph")
    if not captures or step.device.type != device.type:
        raise AssertionError(
            "If capturable=True, params and state_steps must be on supported devices, "
            f"a GPU. This parameter is on {device}, its step count on {step.device}: "
            "leave capturable out, or move the model first"
        )
