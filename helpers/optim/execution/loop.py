"""A rule run by a loop over parameters, or over whole lists of them."""

from collections import defaultdict
from operator import attrgetter

import torch

from helpers.optim.base.options import number_of
from helpers.optim.base.parameters import array_of, arrays_of, as_real, gradients_of
from helpers.optim.execution.tensor_list import TensorList

KIND = attrgetter("device", "dtype")


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


def by_lists(optimizer, group, parameters):
    """Whole lists at once: all parameters of one device, dtype and age together."""
    all_states = begin(optimizer, group, parameters)
    for batch, states in batches(parameters, all_states):
        at = settings(optimizer, group, count_all(states))
        arrays, gradients = arrays_of(batch), gradients_of(batch)
        if group.get("maximize"):
            gradients = torch._foreach_neg(gradients)
        lists = {
            name: reals_of([state[name] for state in states]) for name in states[0]
        }
        optimizer.update(reals_of(arrays), reals_of(gradients), lists, at)
        for name in lists.keys() - states[0].keys():
            share_out(name, lists[name].tensors, batch, states)


def reals_of(arrays):
    """Arrays of one dtype as one list; complex numbers as pairs of real ones."""
    is_complex = arrays[0].is_complex()
    return TensorList(map(torch.view_as_real, arrays) if is_complex else arrays)


def share_out(name, tensors, batch, states):
    """Give each parameter what the rule has added to the state of a list."""
    for tensor, parameter, state in zip(tensors, batch, states, strict=True):
        is_complex = array_of(parameter).is_complex()
        state[name] = torch.view_as_complex(tensor) if is_complex else tensor


def begin(optimizer, group, parameters) -> list[dict]:
    """The state of each parameter, made if this is its first step."""
    if not optimizer.remembers(group):
        return [{} for _ in parameters]
    states = [optimizer.state[each] for each in parameters]
    for parameter, state in zip(parameters, states, strict=True):
        if not state:
            state.update(optimizer.start(parameter, group))
    return states


def batches(parameters, states):
    """Parameters that one list can hold, and their states, as pairs of lists.

    They have the same device, dtype, kinds of state, and number of steps.
    """
    steps = [number_of(each["step"]) if "step" in each else None for each in states]
    kinds = map(KIND, arrays_of(parameters))
    keys = list(zip(kinds, map(tuple, states), steps, strict=True))
    if len(set(keys)) == 1:
        return [(parameters, states)]
    found = defaultdict(lambda: ([], []))
    for key, parameter, state in zip(keys, parameters, states, strict=True):
        found[key][0].append(parameter)
        found[key][1].append(state)
    return list(found.values())


def count(state, keep_tensor=False):
    """Count a step; its number, from 1 up, or None for a method that doesn't count."""
    step = state.get("step")
    if step is None:
        return None
    step.add_(1)
    return step if keep_tensor else step.item()


def count_all(states):
    """Count a step of parameters of one age; its number, or None, as `count` does."""
    if "step" not in states[0]:
        return None
    torch._foreach_add_([state["step"] for state in states], 1)
    return states[0]["step"].item()


def settings(optimizer, group, step) -> dict:
    """The options and rates of one step, as Python numbers."""
    options = {**group, **optimizer.rates(group, step)}
    for name, value in options.items():
        if isinstance(value, torch.Tensor):
            options[name] = value.item()
    return options


def gradient_of(parameter, group):
    """The gradient as an array that points downhill; a new one for maximize."""
    gradient = array_of(parameter.grad)
    return -gradient if group.get("maximize") else gradient
