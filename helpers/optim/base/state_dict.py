"""Turn an optimizer into plain dicts and lists (`state_dict`), and back.

The layout is torch's, and so is what it takes: what torch's optimizer saved loads here
and the other way round, with whatever a subclass or a wrapper has added to state and
groups. Departures: the tensors that are loaded are copies, so that two optimizers never
share a buffer; and a dict with which no step could be made is refused before anything
is changed, where torch fails at the next step.
"""

import copy
import inspect
from collections import defaultdict
from collections.abc import Iterable, Mapping

import torch

from helpers.optim.base.initial_state import step_count
from helpers.optim.base.parameters import is_parameter

PACKAGE = __name__.partition(".base.")[0]  # helpers.optim
# Options that older state dicts lack, and the value that they then had.
ADDED_LATER = {
    "maximize": False,
    "foreach": None,
    "differentiable": False,
    "capturable": False,
    "fused": None,
}


def saved(optimizer) -> dict:
    """The dict that `state_dict()` returns: parameters are replaced by their places."""
    places, groups = {}, []
    for group in optimizer.param_groups:
        start = sum(len(each["params"]) for each in groups)
        for place, parameter in enumerate(group["params"], start):
            places.setdefault(id(parameter), place)
        options = {name: value for name, value in group.items() if name != "params"}
        groups.append(
            {**options, "params": [places[id(each)] for each in group["params"]]}
        )
    state = {places.get(id(key), key): each for key, each in optimizer.state.items()}
    return {"state": state, "param_groups": groups}


def shallow_copy(given) -> dict:
    """A copy of a saved dict; `AttributeError` or `TypeError`, as in torch, if none."""
    if isinstance(given, Mapping):
        return dict(given)
    kind = TypeError if hasattr(given, "copy") else AttributeError
    raise kind(
        f"state_dict must be a dict, but got {type(given).__name__}: pass what "
        "optimizer.state_dict() returned; torch.load(path) reads it from a file"
    )


def restored(optimizer, given) -> dict:
    """The new `state` and `param_groups` of an optimizer from a saved dict.

    Nothing of the optimizer is changed: what is refused loses nothing. Raises
    `KeyError` for what is no optimizer's dict, `ValueError` for one that doesn't fit.
    """
    check_parts(given)
    check_group_sizes(optimizer.param_groups, given["param_groups"])
    others = copy.deepcopy(given["param_groups"])
    groups = [
        merge(optimizer, group, dict(other))
        for group, other in zip(optimizer.param_groups, others, strict=True)
    ]
    owners = {}
    for other, group in zip(others, groups, strict=True):
        pairs = zip(other["params"], group["params"], strict=True)
        owners.update({place: (parameter, group) for place, parameter in pairs})
    state = defaultdict(dict)
    for key, values in given["state"].items():
        if key in owners:
            state[owners[key][0]] = state_of(optimizer, key, values, *owners[key])
        else:
            state[key] = values
    return {"state": state, "param_groups": groups}


def check_parts(given):
    """Raise `KeyError` unless a dict has the two parts of an optimizer's."""
    for part in ("param_groups", "state"):
        if part not in given:
            known = sorted(map(str, given))[:4]
            raise KeyError(
                f"loaded state dict has no {part!r}; it has {known}. Pass what "
                "optimizer.state_dict() returned: a model's dict goes to the model"
            )


def check_group_sizes(groups, others):
    """Raise `ValueError` unless saved groups are as many and as long as ours."""
    if len(groups) != len(others):
        raise ValueError(
            "loaded state dict has a different number of parameter groups: "
            f"{len(others)}, and this optimizer has {len(groups)}. Build it with the "
            "same groups as the one that was saved"
        )
    for place, (group, other) in enumerate(zip(groups, others, strict=True)):
        if len(group["params"]) != len(other["params"]):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the "
                f"size of optimizer's group: group {place} has {len(other['params'])} "
                f"parameters there and {len(group['params'])} here. Build the "
                "optimizer over the same parameters, in the same order"
            )


def merge(optimizer, group, other):
    """A saved group with our parameters; its options as they are, whatever they are.

    Raises `ValueError` if it lacks one that the rule reads at each step.
    """
    missing = [name for name in options_read(optimizer) if name not in other]
    if missing:
        raise ValueError(
            f"loaded state dict belongs to another optimizer: its groups have no "
            f"{missing[0]!r}, which {type(optimizer).__name__} needs. Load what "
            f"{type(optimizer).__name__} saved"
        )
    if "param_names" in group:
        other.setdefault("param_names", group["param_names"])
    return {**other, "params": group["params"]}


def options_read(optimizer) -> list[str]:
    """The options without which the rule of the method in this package can't run.

    Options that came later have a value for files without them. Those that a subclass
    elsewhere has added are its own affair, in its `__setstate__`, as in torch.
    """
    kinds = type(optimizer).__mro__
    ours = next(each for each in kinds if each.__module__.startswith(PACKAGE))
    names = inspect.signature(ours.__init__).parameters.keys() - optimizer.added_later
    return [name for name in optimizer.defaults if name in names]


def state_of(optimizer, place, values, parameter, group):
    """A copy of the saved state of a parameter, checked.

    Of the optimizer's own kinds of state, None counts as absent: so torch saved a
    buffer that it had not made yet.
    """
    result = copy_state(values, parameter, group)
    if not isinstance(values, dict):
        return result
    optimizer.check_state(place, parameter, values)
    own = optimizer.state_names
    return {k: v for k, v in result.items() if v is not None or k not in own}


def check_shapes(optimizer, place, parameter, values):
    """Raise `ValueError` for a buffer of another shape: no step could be made with it.

    What wrappers have added isn't looked at.
    """
    for name in optimizer.state_names:
        check_shape(name, values.get(name), place, parameter, parameter.shape)


def check_shape(name, value, place, parameter, shape):
    """Raise `ValueError` for a buffer that has not the shape that it must have.

    A single number goes with every shape.
    """
    if isinstance(value, torch.Tensor) and value.dim() and value.shape != shape:
        raise ValueError(
            f"loaded state dict has a {name!r} of shape {tuple(value.shape)} for "
            f"parameter {place}, whose shape is {tuple(parameter.shape)}: the "
            "model or the order of its parameters has changed since it was saved"
        )


def copy_state(value, parameter, group, name=None):
    """A copy of state, its tensors on the parameter's device and in its dtype.

    The step count keeps its own dtype and device, unless the kernel that reads it runs
    on the parameter's.
    """
    if isinstance(value, dict):
        return {k: copy_state(each, parameter, group, k) for k, each in value.items()}
    if isinstance(value, torch.Tensor):
        place = place_of(parameter, value, group, name)
        return value.detach().to(**place, copy=True)
    if is_parameter(value):
        return copy.deepcopy(value)
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(copy_state(each, parameter, group) for each in value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value)(copy_state(each, parameter, group) for each in value)
    return copy.deepcopy(value) if isinstance(value, Iterable) else value


def place_of(parameter, value, group, name):
    """The device and dtype for a tensor of state, as arguments of `.to`."""
    array = parameter.data
    if name == "step":
        if group.get("capturable") or group.get("fused"):
            return {"device": array.device, "dtype": torch.float32}
        return {"device": value.device}
    if array.is_floating_point():
        return {"device": array.device, "dtype": array.dtype}
    return {"device": array.device}


def bring_up_to_date(optimizer):
    """Give groups the options that they were saved without, and steps a tensor.

    Before 2022 torch counted steps in Python numbers. So may a subclass elsewhere, and
    it goes on with those.
    """
    for group in optimizer.param_groups:
        for name in optimizer.added_later.keys() & optimizer.defaults.keys():
            group.setdefault(name, optimizer.added_later[name])
        for parameter in group["params"] if "step" in optimizer.state_names else ():
            state = optimizer.state.get(parameter)
            if isinstance(state, dict) and isinstance(state.get("step"), (int, float)):
                state["step"] = step_count(parameter, group, state["step"])
