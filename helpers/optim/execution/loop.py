"""Update parameters one at a time, or whole lists of them at once."""

from collections import defaultdict
from operator import attrgetter

import torch

from helpers.optim.base.options import number_of
from helpers.optim.base.parameters import (
    array_of,
    arrays_of,
    as_real,
    gradients_of,
    is_parameter,
)
from helpers.optim.execution.tensor_list import TensorList

DEVICE_AND_DTYPE = attrgetter("device", "dtype")


def single_tensor(optimizer, group, parameters):
    """Update parameters one at a time (foreach=False)."""
    by_step = {}
    states = states_of(optimizer, group, parameters)
    for parameter, state in zip(parameters, states, strict=True):
        step = advance_step(state)
        if step not in by_step:
            by_step[step] = options_of_step(optimizer, group, step)
        array, gradient = array_of(parameter), gradient_of(parameter, group)
        if array.is_complex():
            update_complex(optimizer.update, array, gradient, state, by_step[step])
        else:
            optimizer.update(array, gradient, state, by_step[step])


def update_complex(update, array, gradient, state, options):
    """Run a rule on complex numbers as pairs of real ones."""
    reals = {name: as_real(value) for name, value in tensors_in(state).items()}
    update(as_real(array), as_real(gradient), reals, options)
    for name in reals.keys() - state.keys():
        state[name] = torch.view_as_complex(reals[name])


def multi_tensor(optimizer, group, parameters):
    """Update lists of parameters of one device, dtype and step (foreach=True)."""
    all_states = states_of(optimizer, group, parameters)
    for batch, states in split_by_kind(parameters, all_states):
        options = options_of_step(optimizer, group, advance_steps(states))
        arrays, gradients = arrays_of(batch), gradients_of(batch)
        if group.get("maximize"):
            gradients = torch._foreach_neg(gradients)
        known = list(tensors_in(states[0]))
        lists = {name: reals_of([state[name] for state in states]) for name in known}
        optimizer.update(reals_of(arrays), reals_of(gradients), lists, options)
        for name in list(lists)[len(known) :]:
            keep_new_state(name, lists[name].tensors, batch, states)


def tensors_in(state) -> dict:
    """The tensors in a state: what else is there belongs to a wrapper, not a rule."""
    return {name: value for name, value in state.items() if is_parameter(value)}


def reals_of(arrays):
    """Arrays of one dtype as one list; complex numbers as pairs of real ones."""
    is_complex = arrays[0].is_complex()
    return TensorList(map(torch.view_as_real, arrays) if is_complex else arrays)


def keep_new_state(name, tensors, batch, states):
    """Give each parameter what the rule has added to the state of a list."""
    for tensor, parameter, state in zip(tensors, batch, states, strict=True):
        is_complex = array_of(parameter).is_complex()
        state[name] = torch.view_as_complex(tensor) if is_complex else tensor


def states_of(optimizer, group, parameters) -> list[dict]:
    """The state of each parameter, initialised if this is its first step."""
    if not optimizer.has_state(group):
        return [{} for _ in parameters]
    states = [optimizer.state[each] for each in parameters]
    for parameter, state in zip(parameters, states, strict=True):
        if not state:
            state.update(optimizer.init_state(parameter, group))
    return states


def split_by_kind(parameters, states):
    """Parameters that one list can hold, and their states, as pairs of lists.

    They have the same device, dtype, kinds of state, and number of steps.
    """
    steps = [number_of(each["step"]) if "step" in each else None for each in states]
    kinds = map(DEVICE_AND_DTYPE, arrays_of(parameters))
    keys = list(zip(kinds, map(tuple, states), steps, strict=True))
    if len(set(keys)) == 1:
        return [(parameters, states)]
    found = defaultdict(lambda: ([], []))
    for key, parameter, state in zip(keys, parameters, states, strict=True):
        found[key][0].append(parameter)
        found[key][1].append(state)
    return list(found.values())


def advance_step(state, keep_tensor=False):
    """Count a step; its number, from 1 up, or None for a method that doesn't count."""
    step = state.get("step")
    if step is None:
        return None
    step.add_(1)
    return step if keep_tensor else step.item()


def advance_steps(states):
    """Count a step of parameters at one step; its number, as `advance_step` does."""
    if "step" not in states[0]:
        return None
    torch._foreach_add_([state["step"] for state in states], 1)
    return states[0]["step"].item()


def options_of_step(optimizer, group, step) -> dict:
    """The options and constants of one step, as Python numbers."""
    options = {**group, **optimizer.step_constants(group, step)}
    for name, value in options.items():
        if isinstance(value, torch.Tensor) and value.numel() == 1:
            options[name] = value.item()
    return options


def gradient_of(parameter, group):
    """The gradient as an array that points downhill; a new one for maximize."""
    gradient = array_of(parameter.grad)
    return -gradient if group.get("maximize") else gradient
