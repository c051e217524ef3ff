"""The state of many parameters: looked up, initialised, and its steps counted."""

import torch

from helpers.optim.base.options import number_of


class States(list):
    """The states of many parameters in one step, a dict each.

    >>> States([{"step": 1}, {"step": 2}]).column("step")
    [1, 2]
    """

    def __init__(self, states):
        super().__init__(states)
        self.columns = {}

    def column(self, name) -> list:
        """What each has under a name, which all have; listed once a step."""
        if name not in self.columns:
            self.columns[name] = [each[name] for each in self]
        return self.columns[name]


def known_states(optimizer, group, parameters):
    """The state of each parameter; None if one has none yet."""
    if not optimizer.has_state(group):
        return States([{} for _ in parameters])
    states = States(map(optimizer.state.get, parameters))
    return states if all(states) else None


def states_of(optimizer, group, parameters) -> States:
    """The state of each parameter, initialised if this is its first step."""
    if not optimizer.has_state(group):
        return States([{} for _ in parameters])
    states = States([optimizer.state[each] for each in parameters])
    for parameter, state in zip(parameters, states, strict=True):
        if not state:
            state.update(optimizer.init_state(parameter, group))
    return states


def numbers_of(states, names) -> list:
    """For each state the numbers under some names, a tuple; None if one is absent."""
    columns = [[number_of(each.get(name)) for each in states] for name in names]
    return list(zip(*columns, strict=True))


def advance_step(state, keep_tensor=False):
    """Count a step; its number, from 1 up, or None for a method that doesn't count."""
    step = state.get("step")
    if step is None:
        return None
    if isinstance(step, int):  # as SparseAdam counts
        state["step"] = step + 1
        return step + 1
    step.add_(1)
    return step if keep_tensor else step.item()


def advance_steps(steps):
    """Count a step in many 0-d tensors.

    On a CPU a list of ones takes a quarter of the time of the number 1, which would be
    made a tensor for each of them.
    """
    if steps[0].device.type == "cpu":
        one = torch.ones((), dtype=steps[0].dtype)
        torch._foreach_add_(steps, [one] * len(steps))
    else:
        torch._foreach_add_(steps, 1)
