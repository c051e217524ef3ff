"""Steps that autograd, a CUDA graph or a compiler traces: nothing in place."""

from functools import partial

import torch

from helpers.optim.base.parameters import array_of
from helpers.optim.execution.functional import update_once
from helpers.optim.execution.loop import update_complex
from helpers.optim.execution.state import advance_step, states_of


def traced(optimizer, group, parameters, gradients):
    """Update parameters one at a time, out of place."""
    states = states_of(optimizer, group, parameters)
    differentiable = group.get("differentiable")
    keep_tensor = not differentiable or group.get("capturable")
    for parameter, gradient, state in zip(parameters, gradients, states, strict=True):
        check_traced(parameter, state, group)
        step = advance_step(state, keep_tensor)
        options = {**group, **optimizer.step_constants(group, step)}
        array = parameter if differentiable else array_of(parameter)
        gradient = gradient if differentiable else array_of(gradient)
        gradient = -gradient if group.get("maximize") else gradient
        update = partial(update_once, optimizer.update, keep=differentiable)
        if array.is_complex():
            update_complex(update, array, gradient, state, options)
        else:
            update(array, gradient, state, options)


def check_traced(parameter, state, group):
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
