"""Exercise 5.6: add_param_group, with defaults filled in.

With this module one can: check an answer to it (`EXERCISE`).
"""

from types import SimpleNamespace

import torch

from helpers.exercises.model import Exercise, Mistake


def add_param_group(optimizer, group):
    """Take a group in: parameters as a list, options completed, nothing held twice."""
    params = group["params"]
    params = [params] if isinstance(params, torch.Tensor) else list(params)
    held = {id(p) for other in optimizer.param_groups for p in other["params"]}
    if any(id(p) in held for p in params):
        raise ValueError("some parameters appear in more than one parameter group")
    optimizer.param_groups.append({**optimizer.defaults, **group, "params": params})


def _as_list(params):
    return [params] if isinstance(params, torch.Tensor) else list(params)


def _refuse(optimizer, params, groups=slice(None)):
    held = {id(p) for g in optimizer.param_groups[groups] for p in g["params"]}
    if any(id(p) in held for p in params):
        raise ValueError


def _variant(listed=_as_list, refuse=_refuse, complete=None):
    """The solution with one of its parts exchanged."""

    def add_param_group(optimizer, group):
        params = listed(group["params"])
        refuse(optimizer, params)
        make = complete or (lambda defaults, group: {**defaults, **group})
        optimizer.param_groups.append(
            {**make(optimizer.defaults, group), "params": params}
        )

    return add_param_group


def _never(optimizer, params):
    return None


def _by_in(optimizer, params):
    if any(p in other["params"] for other in optimizer.param_groups for p in params):
        raise ValueError


def _too_late(optimizer, group):
    params = _as_list(group["params"])
    whole = {**optimizer.defaults, **group, "params": params}
    optimizer.param_groups.append(whole)
    for other in optimizer.param_groups[:-1]:
        if {id(p) for p in other["params"]} & {id(p) for p in params}:
            raise ValueError


def _leaves_out_the_held(optimizer, group):
    held = {id(p) for other in optimizer.param_groups for p in other["params"]}
    params = [p for p in _as_list(group["params"]) if id(p) not in held]
    optimizer.param_groups.append({**optimizer.defaults, **group, "params": params})


def _only_lr(defaults, group):
    return {"lr": defaults["lr"], **group}


def _like_the_first(optimizer, group):
    params = _as_list(group["params"])
    _refuse(optimizer, params)
    first = optimizer.param_groups[0]
    optimizer.param_groups.append({**first, **group, "params": params})


def _into_defaults(optimizer, group):
    params = _as_list(group["params"])
    _refuse(optimizer, params)
    optimizer.defaults.update(group)
    optimizer.param_groups.append({**optimizer.defaults, "params": params})


def _into_the_first(optimizer, group):
    params = _as_list(group["params"])
    _refuse(optimizer, params)
    optimizer.param_groups[0]["params"] += params


WRONG_ADDITIONS = (
    Mistake(
        _variant(complete=lambda defaults, group: {**group, **defaults}),
        "The defaults overwrite what the group has set. In {**a, **b} the later one "
        "wins: the group comes last.",
    ),
    Mistake(
        _variant(complete=lambda defaults, group: group),
        "Options that the group does not set are missing: the next step asks for them "
        "and raises a KeyError. Fill them in from optimizer.defaults.",
    ),
    Mistake(
        _variant(complete=_only_lr),
        "The rate is filled in, and the other options are not. A group has every "
        "option that optimizer.defaults has.",
    ),
    Mistake(
        _like_the_first,
        "You fill in from the first group. It may have values of its own; what a new "
        "group does not set comes from optimizer.defaults.",
    ),
    Mistake(
        _variant(refuse=_never),
        "A parameter that is held already is taken in again: each step would move it "
        "twice. Raise a ValueError.",
    ),
    Mistake(
        _variant(refuse=lambda o, params: _refuse(o, params, slice(1))),
        "You look for the parameter in the first group only. It may stand in any.",
    ),
    Mistake(
        _variant(refuse=_by_in),
        "`in` on a list of tensors compares numbers, not objects: it finds equal "
        "strangers, or raises. Compare ids.",
    ),
    Mistake(
        _too_late,
        "The error comes after the group is in the list: who catches it goes on with a "
        "parameter that moves twice. Ask first, then append.",
    ),
    Mistake(
        _leaves_out_the_held,
        "You leave out what is held already, in silence. Its options would not be "
        "those that were asked for: raise a ValueError.",
    ),
    Mistake(
        _variant(listed=lambda params: params, refuse=_never),
        '"params" is kept as it came, and what is held already is not refused. Make a '
        "list first: a generator gives its parameters once only.",
    ),
    Mistake(
        _variant(listed=list, refuse=_never),
        "list() of a single tensor gives its rows, which are no leaves: it makes a "
        "list of one. And what is held already is to be refused.",
    ),
    Mistake(
        _variant(listed=list),
        "list() of a tensor gives its rows, which are no leaves. A single tensor makes "
        "a list of one.",
    ),
    Mistake(
        _into_defaults,
        "You write the group's options into optimizer.defaults: the next group "
        "inherits them. Make a new dict.",
    ),
    Mistake(
        _into_the_first,
        "The parameters join the first group, and the options of their own are lost. "
        "Append a new group.",
    ),
)


def _optimizer(names):
    """What add_param_group needs: two groups, of which the first has its own rate."""
    groups = [
        {"params": [names["a"]], "lr": 0.5, "momentum": 0.0, "nesterov": True},
        {"params": [names["b"]], "lr": 0.1, "momentum": 0.9, "nesterov": False},
    ]
    defaults = {"lr": 0.1, "momentum": 0.9, "nesterov": False}
    return SimpleNamespace(param_groups=groups, defaults=defaults)


def _after(answer, params, options):
    """The groups and the defaults, read twice, and whether a ValueError came."""
    names = {name: torch.ones(2, requires_grad=True) for name in "abcd"}
    given = (names[name] for name in params.replace("one ", ""))
    given = next(given) if params.startswith("one") else given
    optimizer, refused = _optimizer(names), False
    try:
        answer(optimizer, {"params": given, **options})
    except ValueError:
        refused = True
    labels = {id(p): name for name, p in names.items()}
    readings = [_read(optimizer.param_groups, labels) for _ in range(2)]
    return {
        "groups": readings[0],
        "read again": readings[1],
        "defaults": sorted(name for name in optimizer.defaults),
        "default lr": optimizer.defaults["lr"],
        "refused": refused,
    }


def _read(groups, labels):
    return [
        {**group, "params": [labels.get(id(p), "?") for p in group["params"]]}
        for group in groups
    ]


EXERCISE = Exercise(
    number="5.6",
    title="A group joins",
    solution=add_param_group,
    cases=lambda: [
        ("cd", {}),
        ("c", {"lr": 0.01}),
        ("one d", {"momentum": 0.5, "nesterov": True}),
        ("ca", {}),
        ("db", {"lr": 0.01}),
    ],
    probe=_after,
    mistakes=WRONG_ADDITIONS,
    compared_with="torch.optim.SGD.add_param_group, also where it refuses",
)
