"""Read and write the options of parameter groups; tensors are copied, never shared.

With this module one can: read one option of all groups (`values_of`), set it
(`put`, `put_all`), give each group a tensor of its own (`unshare`), have one value for
each group of what a user passed (`per_group`), and copy a value or a nest of them
(`copy_of`, `copied`).
"""

import torch


def copy_of(value):
    """A value that shares no memory with what was given: a tensor is cloned.

    >>> rate = torch.tensor(0.1)
    >>> copy_of(rate) is rate, copy_of(0.1)
    (False, 0.1)
    """
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def copied(value):
    """A copy of a nest of lists, tuples and dicts, with copies of its tensors."""
    if isinstance(value, dict):
        result = value.copy()  # a Counter stays one
        for name, each in value.items():
            result[name] = copied(each)
        return result
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    return copy_of(value)


def values_of(optimizer, name) -> list:
    """Copies of an option of all groups, in their order."""
    return [copy_of(group[name]) for group in optimizer.param_groups]


def unshare(optimizer, name):
    """Give each group a tensor of its own where several hold the same one.

    An optimizer with one tensor as its rate puts that tensor into every group, and what
    is written into it is then the rate of all of them. The first group keeps it.
    """
    seen = []
    for group in optimizer.param_groups:
        value = group[name]
        if any(value is each for each in seen):
            group[name] = copy_of(value)
        elif isinstance(value, torch.Tensor):
            seen.append(value)


def put(group, name, value):
    """Set an option; a tensor stays the tensor it is, and is filled in place."""
    if isinstance(group[name], torch.Tensor):
        value = value.reshape(()) if isinstance(value, torch.Tensor) else value
        with torch.no_grad():
            group[name].fill_(value)
    else:
        group[name] = copy_of(value)


def put_all(optimizer, name, values):
    """Set an option of all groups, each to its own value, and none to another's.

    Raises: `ValueError` if there is not one value for each group.
    """
    groups = optimizer.param_groups
    if len(values) != len(groups):
        raise ValueError(
            f"there are {len(values)} values of {name} for {len(groups)} parameter "
            "groups: each group needs one. Build the scheduler when the optimizer has "
            "all its groups, after add_param_group"
        )
    unshare(optimizer, name)
    for group, value in zip(groups, values, strict=True):
        put(group, name, value)


def per_group(name, optimizer, value) -> list:
    """One value for each group, of a list or tuple of them, or of one for all.

    Raises: `ValueError` for a list that is shorter or longer.
    """
    groups = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [copy_of(value) for _ in range(groups)]
    if len(value) != groups:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups: {name} has "
            f"{len(value)} values, param_groups has {groups}. Pass one value for each "
            "group, or one number for all"
        )
    return [copy_of(each) for each in value]
