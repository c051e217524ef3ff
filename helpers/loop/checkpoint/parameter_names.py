"""An optimizer's state, matched to parameters by their names where torch goes by place.

torch's own `load_state_dict` gives the first state to the first parameter, whatever it
is called: with the same shapes in another order it loads the wrong moments silently.
"""

from helpers.loop.checkpoint.errors import CheckpointError
from helpers.loop.signatures import needs_closure


def named_state(optimizer, names):
    """Give the optimizer's state with the names and shapes of its parameters.

    Args:
        optimizer: of torch or ours.
        names (dict): the name of each parameter, by its id.
    """
    return {
        "state": optimizer.state_dict(),
        "names": _names_of(optimizer, names),
        "shapes": _shapes_of(optimizer),
    }


def matched_state(saved, optimizer, names):
    """Give the saved state in the order of `optimizer`'s parameters.

    By place where a parameter has no name, on either side; then the shapes must agree.

    Args:
        saved (dict): what `named_state` gave.
        optimizer: the one that is to load the state.
        names (dict): the name of each parameter, by its id.

    Raises:
        CheckpointError: names, groups or shapes differ, or an optimizer whose state is
            one vector has its parameters in another order.
    """
    now, shapes = _names_of(optimizer, names), _shapes_of(optimizer)
    if None in sum(now, []) or None in sum(saved["names"], []):
        _check_shapes(_by_place(saved["shapes"]), _by_place(shapes))
        return saved["state"]
    _check_names(sum(saved["names"], []), sum(now, []))
    _check_shapes(_by_name(saved["names"], saved["shapes"]), _by_name(now, shapes))
    if now == saved["names"]:
        return saved["state"]
    if needs_closure(optimizer):
        raise CheckpointError(
            f"parameters = {sum(now, [])} were saved as {sum(saved['names'], [])}; "
            f"allowed for {type(optimizer).__name__}, whose state is one vector, is "
            "the saved order: hand it the parameters in that order"
        )
    return _in_order(saved, now)


def _in_order(saved, now):
    """The saved groups, and the places of the parameters in each, in today's order."""
    groups = saved["state"]["param_groups"]
    found = {
        frozenset(names): (group, dict(zip(names, group["params"], strict=True)))
        for group, names in zip(groups, saved["names"], strict=True)
    }
    ordered = []
    for names in now:
        if frozenset(names) not in found:
            raise CheckpointError(
                f"a group holds {names} and none was saved with just these; saved "
                f"were {saved['names']}; allowed are the saved groups: make the "
                "optimizer with them"
            )
        group, places = found[frozenset(names)]
        group = dict(group, params=[places[name] for name in names])
        if "param_names" in group:
            group["param_names"] = list(names)
        ordered.append(group)
    return dict(saved["state"], param_groups=ordered)


def _names_of(optimizer, names):
    """The names of each group's parameters: the model's, or those that it was given."""
    found = []
    for group in optimizer.param_groups:
        parameters = group["params"]
        given = group.get("param_names", [None] * len(parameters))
        pairs = zip(parameters, given, strict=True)
        found.append([names.get(id(each), name) for each, name in pairs])
    return found


def _shapes_of(optimizer):
    """The shapes of each group's parameters."""
    return [
        [list(p.shape) for p in group["params"]] for group in optimizer.param_groups
    ]


def _by_place(shapes):
    """Shapes by group and place, in words."""
    return {
        f"parameter {place} of group {number}": shape
        for number, group in enumerate(shapes)
        for place, shape in enumerate(group)
    }


def _by_name(names, shapes):
    """Shapes by name."""
    return dict(zip(sum(names, []), sum(shapes, []), strict=True))


def _check_names(saved, now):
    """Refuse an optimizer of other parameters than the saved one's."""
    if set(saved) != set(now):
        raise CheckpointError(
            f"the optimizer has {sorted(set(now) - set(saved))}, which were not saved, "
            f"and lacks {sorted(set(saved) - set(now))}; allowed are the saved "
            "parameters: make model and optimizer as they were"
        )


def _check_shapes(saved, now):
    """Refuse parameters of other shapes, or in another number."""
    if len(saved) != len(now):
        raise CheckpointError(
            f"the optimizer has {len(now)} parameters and {len(saved)} were saved; "
            "allowed is the saved number: make model and optimizer as they were"
        )
    for name, shape in now.items():
        if saved.get(name) != shape:
            raise CheckpointError(
                f"{name} has shape {shape} and was saved with {saved.get(name)}; "
                "allowed is the saved shape: make model and optimizer as they were"
            )
