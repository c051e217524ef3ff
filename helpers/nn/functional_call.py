"""A module called with other tensors than its own: torch's modules on our engine.

With this module one can: take a module's tensors as ours (`tensors_of`), and call the
module with them (`functional_call`).
"""

from collections import defaultdict
from contextlib import contextmanager

import torch
from torch.nn.parameter import UninitializedTensorMixin

from helpers.autograd import Tensor
from helpers.nn.parameter import Parameter


def tensors_of(module):
    """A module's parameters and buffers by their paths, as our Tensors.

    Args:
        module: a torch.nn.Module, or one of ours.

    They share the module's memory, so a step on them trains the module. Tied tensors
    are one. ValueError for a lazy module that was not called yet: it has none.

    >>> layer = torch.nn.Linear(2, 1)
    >>> list(tensors_of(layer))
    ['weight', 'bias']

    Source: torch.func.functional_call asks for such a dict. Built in chapter 08.
    """
    made, found = {}, {}
    for name, tensor in named_tensors(module):
        found[name] = made.setdefault(id(tensor), as_ours(tensor))
    return found


def as_ours(tensor):
    """A Parameter or Tensor of ours that shares the memory of either kind's."""
    if isinstance(tensor, UninitializedTensorMixin):
        raise ValueError(
            "a tensor of a lazy module has no shape before the first call; allowed are "
            "modules whose tensors are there: call the module once on a batch first"
        )
    if isinstance(tensor, torch.nn.Parameter | Parameter):
        return Parameter(tensor, tensor.requires_grad)
    return Tensor(tensor)


def functional_call(module, parameters_and_buffers, args=None, kwargs=None, *,
                    tie_weights=True, strict=False):  # fmt: skip
    """Call a module with other tensors in the place of its own.

    Given our Tensors, a torch.nn.Module computes on our engine, unchanged: backward()
    fills their `.grad`. torch.func.functional_call is the same for torch's tensors, and
    refuses all that are not.

    Args:
        module: a torch.nn.Module, or one of ours.
        parameters_and_buffers: tensors by their paths, as `tensors_of` gives them, or
            several such dicts; what is not named stays the module's own. A buffer that
            the call replaces is replaced in a single dict too.
        args, kwargs: what the module is called with; one argument need be no tuple.
        tie_weights: whether a tensor that the module has under several names is
            replaced under all of them.
        strict: whether every name must be given, and no other.

    Raises: RuntimeError for names that are not there, and if `strict` for missing ones;
    ValueError for several tensors in the place of one, or of one name.

    >>> layer = torch.nn.Linear(2, 1)
    >>> tensors = tensors_of(layer)
    >>> functional_call(layer, tensors, torch.ones(1, 2)).sum().backward()
    >>> tensors["bias"].grad
    tensor([1.])

    Source: torch.func.functional_call. Built in chapter 08.
    """
    parameters_and_buffers = united(parameters_and_buffers)
    own = dict(named_tensors(module))
    check_names(own, parameters_and_buffers, strict)
    places = {name: [name] for name in parameters_and_buffers}
    if tie_weights:
        places = tied_places(own, parameters_and_buffers)
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    with replaced(module, parameters_and_buffers, places):
        return module(*args, **(kwargs or {}))


def named_tensors(module):
    """All parameters and buffers with all their paths, tied ones more than once."""
    yield from module.named_parameters(remove_duplicate=False)
    yield from module.named_buffers(remove_duplicate=False)


def check_names(own, given, strict):
    """RuntimeError for names that the module has not, and those that it lacks."""
    unknown = [name for name in given if name not in own]
    missing = [name for name in own if name not in given] if strict else []
    if unknown or missing:
        raise RuntimeError(
            f"Missing key(s): {missing}, Unexpected key(s): {unknown} in the given "
            f"tensors; the module has {list(own)}. Take the names of tensors_of(module)"
        )


def tied_places(own, given):
    """For each name that is given, all names of the same tensor in the module.

    ValueError if several of them are given different ones.
    """
    places, names_of = {}, defaultdict(list)
    for name, tensor in own.items():
        names_of[id(tensor)].append(name)
    for name, tensor in given.items():
        places[name] = names_of[id(own[name])]
        rivals = [o for o in places[name] if given.get(o, tensor) is not tensor]
        if rivals:
            raise ValueError(
                f"functional_call got multiple values for keys {[name, *rivals]}, "
                "which are tied: one tensor of the module has these names. Give one "
                "tensor, or pass tie_weights=False"
            )
    return places


@contextmanager
def replaced(module, tensors, places):
    """A block in which tensors stand in the module's tables; then its own again.

    A buffer that the call replaced by another is replaced in `tensors` too.
    """
    slots = {}  # by place: a module that is met by two paths has one table
    for name in tensors:
        for place in places[name]:
            path, _, last = place.rpartition(".")
            owner = module.get_submodule(path)
            table = owner._parameters
            table = table if last in table else owner._buffers
            slots[id(table), last] = table, last, table[last], tensors[name]
    for table, last, _, given in slots.values():
        table[last] = given
    try:
        yield
    finally:
        for table, last, own, given in slots.values():
            if table[last] is not given:
                put_for(tensors, given, table[last])
            table[last] = own


def put_for(tensors, given, new):
    """Put a tensor under all names of the one that was given."""
    for name, tensor in tensors.items():
        if tensor is given:
            tensors[name] = new


def united(given):
    """One dict of tensors, from one or from several without a name in common."""
    if isinstance(given, dict):
        return given
    if not (
        isinstance(given, tuple | list) and all(isinstance(d, dict) for d in given)
    ):
        raise ValueError(
            "Expected parameters_and_buffers to be a dict, or a list/tuple of dicts, "
            f"but got {type(given)}. Pass what tensors_of(module) gives"
        )
    names = [name for each in given for name in each]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"{repeated} appeared in multiple dictionaries; behavior of functional "
            "call is ambiguous. Give each tensor once"
        )
    return {name: tensor for each in given for name, tensor in each.items()}
