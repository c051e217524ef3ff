"""One rule, run in several ways: tensor by tensor, over lists, out of place, or fused.

`run` makes one step for one parameter group. All ways call the same `optimizer.update`;
they differ in what they hand it.
"""

from collections import defaultdict
from functools import partial

import torch

from helpers.optim.functional import update_once
from helpers.optim.lists import TensorList
from helpers.optim.options import number_of
from helpers.optim.parameters import array_of, as_real

SMALL = 16_384  # elements: fewer take less time than the way to them through Python


def run(optimizer, group):
    """One step of every parameter of a group that has a gradient."""
    parameters = [each for each in group["params"] if each.grad is not None]
    if not parameters:
        return
    if not optimizer.takes_sparse and any_sparse(parameters):
        raise RuntimeError(
            f"{type(optimizer).__name__} does not support sparse gradients, please "
            "consider SparseAdam instead, or SGD or Adagrad; or build the embedding "
            "with sparse=False"
        )
    way_for(group, parameters)(optimizer, group, parameters)


def begin(optimizer, group, parameters) -> list[dict]:
    """The state of each parameter, made if this is its first step."""
    states = [optimizer.state[each] for each in parameters]
    for parameter, state in zip(parameters, states, strict=True):
        if not state:
            state.update(optimizer.start(parameter, group))
    return states


def way_for(group, parameters):
    """The way that a group's options ask for; without a wish, the fastest safe one.

    `fused` and `foreach` are None unless the user chose. Then lists are taken for many
    small tensors, where they save time and little memory, and the loop for the rest.
    """
    if out_of_place(group):
        return one_by_one_out_of_place
    if group.get("fused"):
        from helpers.optim.fused import fused  # brings torch's compiler, when asked for

        return fused
    asked = group.get("foreach")
    if asked is None:
        asked = group.get("fused") is None and lists_pay(parameters)
    return by_lists if asked and not any_sparse(parameters) else one_by_one


def out_of_place(group):
    """Whether a compiler or autograd watches the step."""
    watched = group.get("differentiable") or group.get("capturable")
    return watched or torch.compiler.is_compiling()


def one_by_one(optimizer, group, parameters):
    """The loop that everybody has in mind: one parameter after the other."""
    known = {}
    states = begin(optimizer, group, parameters)
    for parameter, state in zip(parameters, states, strict=True):
        step = count(state)
        if step not in known:
            known[step] = settings(optimizer, group, step)
        array, gradient = array_of(parameter), gradient_of(parameter, group)
        if array.is_complex():
            update_pairs(optimizer.update, array, gradient, state, known[step])
        else:
            optimizer.update(array, gradient, state, known[step])


def update_pairs(update, array, gradient, state, at):
    """Run a rule on complex numbers as pairs of real ones."""
    reals = {name: as_real(value) for name, value in state.items()}
    update(as_real(array), as_real(gradient), reals, at)
    for name in reals.keys() - state.keys():
        state[name] = torch.view_as_complex(reals[name])


def one_by_one_out_of_place(optimizer, group, parameters):
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
        work = update_once if not array.is_complex() else update_complex_once
        work(optimizer.update, array, gradient, state, at)


def update_complex_once(update, array, gradient, state, at):
    """`update_once` for complex numbers."""
    update_pairs(partial(update_once, update), array, gradient, state, at)


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


def by_lists(optimizer, group, parameters):
    """Whole lists at once: all parameters of one device, dtype and age together."""
    begin(optimizer, group, parameters)
    for batch in batches(optimizer, parameters):
        states = [optimizer.state[each] for each in batch]
        steps = [count(state) for state in states]
        at = settings(optimizer, group, steps[0])
        arrays = TensorList(as_real(array_of(each)) for each in batch)
        gradients = TensorList(as_real(gradient_of(each, group)) for each in batch)
        lists = {
            name: TensorList(as_real(state[name]) for state in states)
            for name in states[0]
        }
        optimizer.update(arrays, gradients, lists, at)
        for name in lists.keys() - states[0].keys():
            share_out(name, lists[name].tensors, batch, states)


def share_out(name, tensors, batch, states):
    """Give each parameter what the rule has added to the state of a list."""
    for tensor, parameter, state in zip(tensors, batch, states, strict=True):
        is_complex = array_of(parameter).is_complex()
        state[name] = torch.view_as_complex(tensor) if is_complex else tensor


def batches(optimizer, parameters):
    """Parameters that one list can hold: same device, dtype, kinds of state, step."""
    found = defaultdict(list)
    for parameter in parameters:
        state, array = optimizer.state[parameter], array_of(parameter)
        key = array.device, array.dtype, tuple(state), number_of(state.get("step"))
        found[key].append(parameter)
    return list(found.values())


def count(state, keep_tensor=False):
    """Count a step; its number, from 1 up, or None for a method that doesn't count."""
    step = state.get("step")
    if step is None:
        return None
    step.add_(1)
    return step if keep_tensor else step.item()


def settings(optimizer, group, step) -> dict:
    """The options and rates of one step, as Python numbers."""
    options = {**group, **optimizer.rates(group, step)}
    return {name: number_of(options[name]) for name in options if name != "params"}


def gradient_of(parameter, group):
    """The gradient as an array that points downhill; a new one for maximize."""
    gradient = array_of(parameter.grad)
    return -gradient if group.get("maximize") else gradient


def any_sparse(parameters):
    """Whether some gradient is sparse: it lists its rows that are not zero."""
    return any(array_of(each.grad).is_sparse for each in parameters)


def lists_pay(parameters):
    """Whether lists are worth while: many plain tensors, small ones on a CPU."""
    arrays = [array_of(each) for each in parameters]
    plain = all(type(each) in (torch.Tensor, torch.nn.Parameter) for each in arrays)
    if not plain or len(arrays) < 2:
        return False
    small = sum(each.numel() for each in arrays) <= SMALL * len(arrays)
    return small or all(each.device.type != "cpu" for each in arrays)
