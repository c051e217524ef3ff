"""Exercise 13.2: an optimizer's state goes to where its parameters are."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty

AWAY = "meta"  # a device that every machine has beside the CPU


def move_state(optimizer):
    """Move each tensor of the state but "step" to its parameter's device."""
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if name != "step" and isinstance(value, torch.Tensor):
                state[name] = value.to(parameter.device)


def _own(parameter, optimizer):
    return parameter.device


def _in_place(optimizer, parameter, state, moved):
    state.update(moved)


def build(place=_own, keeps=("step",), put=_in_place, most=None):
    """The solution with some of its parts exchanged."""

    def move_state(optimizer):
        for parameter, state in list(optimizer.state.items())[:most]:
            moved = {
                name: value.to(place(parameter, optimizer))
                for name, value in state.items()
                if name not in keeps and isinstance(value, torch.Tensor)
            }
            put(optimizer, parameter, state, moved)

    return move_state


def _first_of_all(parameter, optimizer):
    return optimizer.param_groups[0]["params"][0].device


def _thrown_away(optimizer, parameter, state, moved):
    pass


def _new_dict(optimizer, parameter, state, moved):
    optimizer.state[parameter] = {**state, **moved}


def _only_moved(optimizer, parameter, state, moved):
    optimizer.state[parameter] = moved


def _by_groups(optimizer):
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            for name, value in optimizer.state[parameter].items():
                if name != "step" and isinstance(value, torch.Tensor):
                    optimizer.state[parameter][name] = value.to(parameter.device)


def _first_group(optimizer):
    for parameter in optimizer.param_groups[0]["params"]:
        for name, value in optimizer.state.get(parameter, {}).items():
            if name != "step" and isinstance(value, torch.Tensor):
                optimizer.state[parameter][name] = value.to(parameter.device)


def _all_values(optimizer):
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if name != "step":
                state[name] = torch.as_tensor(value).to(parameter.device)


def _cleared(optimizer):
    optimizer.state.clear()


FAULTS = (
    (
        {"place": _first_of_all},
        "You move all state to where the first parameter is. Each goes to its own.",
    ),
    (
        {"keeps": ()},
        "You move the count too. Python reads it at each step, and would wait for the "
        'device: leave "step" where it is.',
    ),
    (
        {"put": _thrown_away},
        "Nothing has moved: value.to(...) makes a copy. Put it into the dict.",
    ),
    (
        {"put": _new_dict},
        "The tensors are right, but stand in new dicts. Write into those that the "
        "optimizer has: others may hold them too.",
    ),
    (
        {"put": _only_moved},
        "What you did not move is lost: the count, and entries that are no tensors.",
    ),
    (
        {"most": 1},
        "You move the state of one parameter only.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _by_groups,
        "A parameter without state has an empty one now: optimizer.state[p] makes an "
        "entry. Walk through optimizer.state.items() instead.",
    ),
    Mistake(
        _first_group,
        "You move the state of the first group only. There may be several.",
    ),
    Mistake(
        _all_values,
        "You made tensors of entries that are none. Ask with isinstance first.",
    ),
    Mistake(
        _cleared,
        "You dropped the state: the device fits, and all that was learned about the "
        "gradients is gone.",
    ),
)


class _Optimizer(torch.optim.Optimizer):
    """One that holds parameters and state, and never steps."""

    def __init__(self, groups):
        super().__init__(groups, {"lr": 0.1})


def _made(places):
    """An optimizer with state on the CPU for all parameters but the last; and those.

    The first group holds two parameters, the others one.
    """
    parameters = [torch.nn.Parameter(torch.ones(2, device=each)) for each in places]
    groups = [parameters[:2], *([each] for each in parameters[2:])]
    optimizer = _Optimizer([{"params": group} for group in groups])
    for number, parameter in enumerate(parameters[:-1]):
        optimizer.state[parameter] = {
            "step": torch.tensor(float(number)),
            "exp_avg": torch.full((2,), 1.0 + number),
            "exp_avg_sq": torch.full((2,), 2.0 + number),
            "note": f"state {number}",
            "size": 3 + number,
        }
    return optimizer, parameters


def _kept(value):
    """Where a tensor lies, and its numbers if it has any; all else as it is."""
    if not isinstance(value, torch.Tensor):
        return value
    numbers = value.tolist() if value.device.type == "cpu" else None
    return {"device": value.device.type, "numbers": numbers}


def _walk(answer, *places):
    """Where everything is after the move, and whether the dicts are the old ones."""
    optimizer, parameters = _made(places)
    before = dict(optimizer.state)
    answer(optimizer)
    states = [optimizer.state[p] for p in parameters if p in optimizer.state]
    return {
        "state": [{n: _kept(v) for n, v in each.items()} for each in states],
        "parameters": [p.device.type for p in parameters],
        "same dicts": [optimizer.state.get(p) is each for p, each in before.items()],
    }


EXERCISE = Exercise(
    number="13.2",
    title="State follows",
    solution=move_state,
    cases=lambda: [
        (AWAY, AWAY, AWAY, AWAY),
        (AWAY, "cpu", AWAY, "cpu"),
        ("cpu", AWAY, AWAY, AWAY),
    ],
    probe=_walk,
    mistakes=MISTAKES,
    build=build,
    faults=FAULTS,
    compared_with="three optimizers, with groups on two devices",
)
