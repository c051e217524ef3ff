"""The state of a sharded optimizer: gathered from all ranks, and dealt out again."""

import torch
import torch.distributed as dist

from helpers.optim.base.state_dict import (
    check_group_sizes,
    check_parts,
    shallow_copy,
)
from helpers.parallel.waiting import waiting_for


def gathered(optimizer, to):
    """The state of every parameter by its place, on one rank; None on the others.

    Args:
        optimizer: a `ShardedOptimizer`.
        to (int): the rank that gets it.
    """
    here = dist.get_rank() == to
    shares = [None] * dist.get_world_size() if here else None
    with waiting_for("the optimizer's state"):
        dist.gather_object(_own_state(optimizer), shares, dst=to)
    if not here:
        return None
    state = {place: each for share in shares for place, each in share.items()}
    return dict(sorted(state.items()))


def _own_state(optimizer):
    """This rank's state, on the CPU, by the place that a parameter has among all."""
    places = {id(p): i for i, p in enumerate(_parameters(optimizer))}
    mine = _parameters(optimizer.own)
    saved = optimizer.own.state_dict()["state"]
    return {places[id(mine[i])]: _on_cpu(each) for i, each in saved.items()}


def _parameters(optimizer):
    """All parameters, in the order in which a state dict counts them."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def _on_cpu(value):
    """State with its tensors on the CPU."""
    if isinstance(value, torch.Tensor):
        return value.cpu()
    if isinstance(value, dict):
        return {key: _on_cpu(each) for key, each in value.items()}
    return value


def loaded_part(optimizer, state_dict):
    """The part of a whole state dict that the optimizer of this rank's share loads.

    Args:
        optimizer: a `ShardedOptimizer`.
        state_dict: of the whole.

    Raises: `KeyError` and `ValueError` for one that doesn't fit.
    """
    given = shallow_copy(state_dict)
    check_parts(given)
    check_group_sizes(optimizer.param_groups, given["param_groups"])
    saved_place, groups = {}, []  # of each parameter; with places of this rank's own
    pairs = zip(optimizer.param_groups, given["param_groups"], strict=True)
    for group, saved in pairs:
        couples = zip(group["params"], saved["params"], strict=True)
        saved_place.update({id(p): place for p, place in couples})
        part = optimizer.shares.part(
            dict(saved, params=group["params"]), optimizer.rank
        )
        start = sum(len(each["params"]) for each in groups)
        places = range(start, start + len(part["params"]))
        groups.append(dict(part, params=list(places)))
    mine = enumerate(_parameters(optimizer.own))
    taken = {i: saved_place[id(p)] for i, p in mine}
    state = given["state"]
    return {
        "state": {i: state[place] for i, place in taken.items() if place in state},
        "param_groups": groups,
    }
