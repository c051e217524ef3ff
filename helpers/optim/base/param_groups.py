"""Make parameter groups of what a user passes as `params`.

A group is a dict: its parameters under "params", and its own value of every option.
The classes and the first words of the messages are torch's.
"""

import warnings

import torch
from torch.optim.optimizer import required

from helpers.optim.base.parameters import is_parameter

UNORDERED = (
    "optimizer parameters need to be organized in ordered collections, but the "
    "ordering of tensors in sets will change between runs. Please use a list instead."
)


def groups_of(params) -> list[dict]:
    """Parameter groups, not yet checked, from any form in which parameters are given.

    Args:
        params: an iterable of parameters, of (name, parameter) pairs, or of dicts.

    Raises: `TypeError` for a single parameter or what can't be gone through,
    `ValueError` for nothing at all. A set gives a warning, as in torch from 2.15 on.

    >>> groups_of(torch.nn.Linear(2, 1).parameters())[0].keys()
    dict_keys(['params'])
    """
    if is_parameter(params):
        raise TypeError(
            "params argument given to the optimizer should be an iterable of Tensors "
            f"or dicts, but got {torch.typename(params)}: put it into a list, "
            "[parameter]"
        )
    if not is_iterable(params):
        raise TypeError(
            "params argument given to the optimizer should be an iterable of Tensors "
            f"or dicts, but got {torch.typename(params)}, which can't be gone through: "
            "pass model.parameters()"
        )
    if isinstance(params, (set, frozenset)):
        warnings.warn(f"{UNORDERED} State is saved in that order.", FutureWarning, 4)
    entries = list(params)
    if not entries:
        raise ValueError(
            "optimizer got an empty parameter list: it needs one parameter at least. A "
            "generator such as model.parameters() gives its parameters once only: call "
            "it again for each optimizer. Layers in a plain Python list are not found"
        )
    return entries if isinstance(entries[0], dict) else [{"params": entries}]


def complete(group, defaults) -> dict:
    """A checked group: parameters as a list, names apart, options filled in.

    Args:
        group: a dict with "params" and some options; changed in place, as torch does.
        defaults: a dict of all options.

    Raises: `TypeError` for what is no group or holds no parameters, `KeyError` for a
    group without "params", `ValueError` for parameters that can't be optimized and for
    names that only some have.
    """
    if not isinstance(group, dict):
        raise TypeError(
            f"param_group must be a dict, but got {type(group)}: pass "
            "{'params': [...], 'lr': 0.1}, say"
        )
    if "params" not in group:
        raise KeyError(
            f"a parameter group needs 'params', and this one has {sorted(group)}: add "
            "'params': model.parameters(), say"
        )
    given = group["params"]
    if not (is_parameter(given) or is_iterable(given)):
        given = [given]  # said below to be no tensor
    if isinstance(given, (set, frozenset)):
        raise TypeError(UNORDERED)
    group["params"] = [given] if is_parameter(given) else list(given)
    part_names(group)
    for parameter in group["params"]:
        check_parameter(parameter, defaults.get("differentiable", False))
    if len({id(each) for each in group["params"]}) < len(group["params"]):
        warn_of_twins()
    for name, value in defaults.items():
        check_is_set(name, group, value)
        group.setdefault(name, value)
    return group


def is_iterable(thing) -> bool:
    """Whether something can be gone through, as a list or as `nn.ParameterList` can.

    >>> is_iterable(torch.nn.ParameterList()), is_iterable(torch.nn.Linear(1, 1))
    (True, False)
    """
    return hasattr(thing, "__iter__") or hasattr(thing, "__getitem__")


def check_is_set(name, group, default):
    """Raise `ValueError` if a group lacks an option for which there is no default."""
    if default is required and name not in group:
        raise ValueError(
            "parameter group didn't specify a value of required optimization parameter "
            f"{name}: add {name!r} to the group, or pass it to the optimizer"
        )


def part_names(group):
    """Move the names of (name, parameter) pairs to "param_names"."""
    pairs = [isinstance(each, tuple) for each in group["params"]]
    if not any(pairs):
        return
    if not all(pairs):
        raise ValueError(
            "all optimizer params should be with/without names. Some param names are "
            f"missing: {sum(pairs)} of {len(pairs)} have one. Pass "
            "model.named_parameters(), or model.parameters()"
        )
    group["param_names"] = [name for name, _ in group["params"]]
    group["params"] = [parameter for _, parameter in group["params"]]


def check_parameter(parameter, differentiable):
    """Raise if an optimizer can't change a parameter."""
    if not is_parameter(parameter):
        raise TypeError(
            "optimizer can only optimize Tensors, but one of the params is "
            f"{torch.typename(parameter)}: pass model.parameters(), or "
            "torch.nn.Parameter(torch.tensor(value)) for a number"
        )
    kept = getattr(parameter, "retains_grad", False)
    if not (differentiable or parameter.is_leaf or kept):
        raise ValueError(
            "can't optimize a non-leaf Tensor: it is computed from others, so "
            "backward() leaves no gradient in it. Pass the leaves it is made of, or "
            "tensor.detach().requires_grad_()"
        )


def warn_of_twins():
    """Warn of a parameter that is twice in a group, and so moves twice at each step."""
    warnings.warn(
        "optimizer contains a parameter group with duplicate parameters; in future, "
        "this will cause an error. Each step moves such a parameter twice. Pass it "
        "once",
        stacklevel=5,
    )


def check_beside_others(group, others):
    """Raise `ValueError` if a group doesn't go with those that are already there."""
    for other in others:
        if ("param_names" in group) != ("param_names" in other):
            with_names = "with" if "param_names" in group else "without"
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add "
                f"param group {with_names} names to the optimizer: pass "
                "named_parameters() for all groups, or parameters() for all"
            )
    taken = {id(each) for other in others for each in other["params"]}
    if not taken.isdisjoint(id(each) for each in group["params"]):
        raise ValueError(
            "some parameters appear in more than one parameter group: a step would "
            "move them once for each. Leave them out of all groups but one"
        )
