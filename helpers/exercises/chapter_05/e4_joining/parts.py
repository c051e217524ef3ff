"""Exercise 5.4's answers as code: the right function, and the wrong ones."""

import torch


def add_param_group(optimizer, group):
    """Take a group in: parameters as a list, options completed, nothing held twice."""
    params = group["params"]
    params = [params] if isinstance(params, torch.Tensor) else list(params)
    held = {id(p) for other in optimizer.param_groups for p in other["params"]}
    if any(id(p) in held for p in params):
        raise ValueError("some parameters appear in more than one parameter group")
    optimizer.param_groups.append({**optimizer.defaults, **group, "params": params})


def as_list(params):
    """One tensor, or an iterable of them, as a list."""
    return [params] if isinstance(params, torch.Tensor) else list(params)


def refuse(optimizer, params, groups=slice(None)):
    """Raise if a parameter is held in one of these groups."""
    held = {id(p) for g in optimizer.param_groups[groups] for p in g["params"]}
    if any(id(p) in held for p in params):
        raise ValueError


def variant(listed=as_list, refuse=refuse, complete=None, join=list.append):
    """The solution with one of its parts exchanged."""

    def add_param_group(optimizer, group):
        params = listed(group["params"])
        refuse(optimizer, params)
        make = complete or (lambda defaults, group: {**defaults, **group})
        whole = {**make(optimizer.defaults, group), "params": params}
        join(optimizer.param_groups, whole)

    return add_param_group


def never(optimizer, params):
    """Refuse nothing."""
    return None


def by_in(optimizer, params):
    """Refuse by `in`, which compares numbers."""
    if any(p in other["params"] for other in optimizer.param_groups for p in params):
        raise ValueError


def too_late(optimizer, group):
    """The group is appended before it is refused."""
    params = as_list(group["params"])
    whole = {**optimizer.defaults, **group, "params": params}
    optimizer.param_groups.append(whole)
    for other in optimizer.param_groups[:-1]:
        if {id(p) for p in other["params"]} & {id(p) for p in params}:
            raise ValueError


def leaves_out_the_held(optimizer, group):
    """What is held already is left out."""
    held = {id(p) for other in optimizer.param_groups for p in other["params"]}
    params = [p for p in as_list(group["params"]) if id(p) not in held]
    optimizer.param_groups.append({**optimizer.defaults, **group, "params": params})


def only_lr(defaults, group):
    """Only the rate is filled in."""
    return {"lr": defaults["lr"], **group}


def like_the_first(optimizer, group):
    """Options are filled in from the first group."""
    params = as_list(group["params"])
    refuse(optimizer, params)
    first = optimizer.param_groups[0]
    optimizer.param_groups.append({**first, **group, "params": params})


def into_defaults(optimizer, group):
    """The options are written into the defaults."""
    params = as_list(group["params"])
    refuse(optimizer, params)
    optimizer.defaults.update(group)
    optimizer.param_groups.append({**optimizer.defaults, "params": params})


def into_the_first(optimizer, group):
    """The parameters join the first group."""
    params = as_list(group["params"])
    refuse(optimizer, params)
    optimizer.param_groups[0]["params"] += params


def silent(optimizer, group):
    """What is held already is refused without an error."""
    try:
        add_param_group(optimizer, group)
    except ValueError:
        return


def walks_twice(optimizer, group):
    """Asks through the iterable, then makes a list of what is left of it."""
    refuse(optimizer, as_list(group["params"]))
    params = as_list(group["params"])
    optimizer.param_groups.append({**optimizer.defaults, **group, "params": params})


def params_first(optimizer, group):
    """The list stands before the group, which overwrites it."""
    params = as_list(group["params"])
    refuse(optimizer, params)
    optimizer.param_groups.append({"params": params, **optimizer.defaults, **group})


def list_of_what_is_no_list(params):
    """Takes a generator for one tensor."""
    return params if isinstance(params, list) else [params]
