"""Turn an optimizer into plain dicts and lists (`state_dict`), and back.

The layout is torch's, so that what torch's optimizer saved loads here and the other way
round. Departures: the tensors that are loaded are copies, so that two optimizers never
share a buffer; and state that belongs to another optimizer, or to parameters of other
shapes, is refused, where torch fails at a later step or goes on with wrong numbers.
"""

from collections import defaultdict
from collections.abc import Iterable

import torch


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


def restored(optimizer, given) -> dict:
    """The new `state` and `param_groups` of an optimizer from a saved dict.

    Nothing of the optimizer is changed: what is refused loses nothing. Raises
    `KeyError` for what is no optimizer's dict, `ValueError` for one that doesn't fit.
    """
    check_parts(given)
    groups = optimizer.param_groups
    check_group_sizes(groups, given["param_groups"])
    merged = [
        merge(optimizer, group, dict(other))
        for group, other in zip(groups, given["param_groups"], strict=True)
    ]
    owners = {}
    for other, group in zip(given["param_groups"], merged, strict=True):
        pairs = zip(other["params"], group["params"], strict=True)
        owners.update({place: (parameter, group) for place, parameter in pairs})
    state = defaultdict(dict)
    for key, values in given["state"].items():
        if key in owners:
            optimizer.check_state(key, owners[key][0], values)
            state[owners[key][0]] = copy_state(values, *owners[key])
        else:
            state[key] = values
    return {"state": state, "param_groups": merged}


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
    """A saved group, made ours: our parameters, and options it was saved without."""
    for name, value in optimizer.added_later.items():
        other.setdefault(name, value)
    missing = [name for name in optimizer.defaults if name not in other]
    if missing:
        raise ValueError(
            f"loaded state dict belongs to another optimizer: its groups have no "
            f"{missing[0]!r}, which {type(optimizer).__name__} needs. Load what "
            f"{type(optimizer).__name__} saved"
        )
    if "param_names" in group:
        other.setdefault("param_names", group["param_names"])
    optimizer.check_options(other)
    return {**other, "params": group["params"]}


def check_state(optimizer, place, parameter, values):
    """Raise `ValueError` for state of another optimizer or of another shape."""
    kind, names = type(optimizer).__name__, optimizer.state_names
    for name, value in values.items() if names else ():
        if name not in names:
            raise ValueError(
                f"loaded state dict belongs to another optimizer: parameter {place} "
                f"has {name!r}, and {kind} keeps {', '.join(names)}. Load what "
                f"{kind} saved"
            )
        check_shape(name, value, place, parameter, parameter.shape)


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
        present = {k: each for k, each in value.items() if each is not None}
        return {k: copy_state(each, parameter, group, k) for k, each in present.items()}
    if name == "step" and isinstance(value, (int, float)):
        value = torch.tensor(float(value))  # as torch saved it before 2022
    if isinstance(value, torch.Tensor):
        return value.detach().clone().to(**place_of(parameter, value, group, name))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return type(value)(copy_state(each, parameter, group) for each in value)
    return value


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
