"""Update parameters one at a time, or whole lists of them at once."""

import torch

from helpers.optim.base.options import as_scalar
from helpers.optim.base.parameters import as_real, is_parameter
from helpers.optim.execution.plan import picked, places_by_key
from helpers.optim.execution.state import advance_step, advance_steps, numbers_of
from helpers.optim.execution.tensor_list import TensorList


def single_tensor(optimizer, group, arrays, gradients, states):
    """Update parameters one at a time (foreach=False)."""
    by_step = {}
    for array, gradient, state in zip(arrays, gradients, states, strict=True):
        step = advance_step(state)
        if step not in by_step:
            by_step[step] = options_of_step(optimizer, group, step)
        gradient = -gradient if group.get("maximize") else gradient
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


def multi_tensor(optimizer, group, *members):
    """Update lists of parameters (foreach=True).

    `members` are arrays of one device and dtype, their gradients, and their states,
    which hold the same names; those of one number of steps, and alike in the other
    numbers of their state, are updated at once.
    """
    states = members[-1]
    names = [each for each in ("step", *optimizer.number_names) if each in states[0]]
    numbers = numbers_of(states, names)
    if len(set(numbers)) < 2:
        update_lists(optimizer, group, *members)
        return
    for places in places_by_key(numbers).values():
        update_lists(optimizer, group, *(picked(each, places) for each in members))


def update_lists(optimizer, group, arrays, gradients, states):
    """Update lists of parameters that have made the same number of steps."""
    step = None
    if "step" in states[0]:
        advance_steps([each["step"] for each in states])
        step = states[0]["step"].item()
    if group.get("maximize"):
        gradients = torch._foreach_neg(gradients)
    known = list(tensors_in(states[0]))
    lists = {name: reals_of([each[name] for each in states]) for name in known}
    options = options_of_step(optimizer, group, step)
    optimizer.update(reals_of(arrays), reals_of(gradients), lists, options)
    for name in list(lists)[len(known) :]:
        keep_new_state(name, lists[name].tensors, arrays, states)


def tensors_in(state) -> dict:
    """The tensors in a state: what else is there belongs to a wrapper, not a rule."""
    return {name: value for name, value in state.items() if is_parameter(value)}


def reals_of(arrays):
    """Arrays of one dtype as one list; complex numbers as pairs of real ones."""
    is_complex = arrays[0].is_complex()
    return TensorList(map(torch.view_as_real, arrays) if is_complex else arrays)


def keep_new_state(name, tensors, arrays, states):
    """Give each parameter what the rule has added to the state of a list."""
    is_complex = arrays[0].is_complex()
    for tensor, state in zip(tensors, states, strict=True):
        state[name] = torch.view_as_complex(tensor) if is_complex else tensor


def options_of_step(optimizer, group, step) -> dict:
    """The options and constants of one step, as Python numbers."""
    options = {**group, **optimizer.step_constants(group, step)}
    for name, value in options.items():
        if isinstance(value, torch.Tensor):
            options[name] = value.item() if value.numel() == 1 else value
        elif hasattr(value, "__array__") and value.size == 1:
            options[name] = as_scalar(value)
    return options
