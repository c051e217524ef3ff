"""Exercise 5.4: add_param_group, with defaults filled in."""

from types import SimpleNamespace

import torch

from helpers.exercises.chapter_05.e4_joining import parts as additions
from helpers.exercises.exercise import Exercise, Mistake

WRONG_ADDITIONS = (
    Mistake(
        additions.variant(complete=lambda defaults, group: {**group, **defaults}),
        "The defaults overwrite what the group has set. In {**a, **b} the later one "
        "wins: the group comes last.",
    ),
    Mistake(
        additions.variant(complete=lambda defaults, group: group),
        "Options that the group does not set are missing: the next step asks for them "
        "and raises a KeyError. Fill them in from optimizer.defaults.",
    ),
    Mistake(
        additions.variant(complete=additions.only_lr),
        "The rate is filled in, and the other options are not. A group has every "
        "option that optimizer.defaults has.",
    ),
    Mistake(
        additions.like_the_first,
        "You fill in from the first group. It may have values of its own; what a new "
        "group does not set comes from optimizer.defaults.",
    ),
    Mistake(
        additions.variant(refuse=additions.never),
        "A parameter that is held already is taken in again: each step would move it "
        "twice. Raise a ValueError.",
    ),
    Mistake(
        additions.variant(
            refuse=lambda o, params: additions.refuse(o, params, slice(1))
        ),
        "You look for the parameter in the first group only. It may stand in any.",
    ),
    Mistake(
        additions.variant(refuse=additions.by_in),
        "`in` on a list of tensors compares numbers, not objects: it finds equal "
        "strangers, or raises. Compare ids.",
    ),
    Mistake(
        additions.too_late,
        "The error comes after the group is in the list: who catches it goes on with a "
        "parameter that moves twice. Ask first, then append.",
    ),
    Mistake(
        additions.leaves_out_the_held,
        "You leave out what is held already, in silence. Its options would not be "
        "those that were asked for: raise a ValueError.",
    ),
    Mistake(
        additions.variant(listed=lambda params: params, refuse=additions.never),
        '"params" is kept as it came, and what is held already is not refused. Make a '
        "list first: a generator gives its parameters once only.",
    ),
    Mistake(
        additions.variant(listed=list, refuse=additions.never),
        "list() of a single tensor gives its rows, which are no leaves: it makes a "
        "list of one. And what is held already is to be refused.",
    ),
    Mistake(
        additions.variant(listed=list),
        "list() of a tensor gives its rows, which are no leaves. A single tensor makes "
        "a list of one.",
    ),
    Mistake(
        additions.walks_twice,
        "A generator gives its parameters once. You walk through it before the list is "
        "kept, and the group stays empty: make the list first, and use only that.",
    ),
    Mistake(
        additions.params_first,
        'Your list is overwritten by the "params" of the group, which may be a tensor '
        'or a used generator. In {**a, **b} the later one wins: "params" comes last.',
    ),
    Mistake(
        additions.variant(listed=additions.list_of_what_is_no_list),
        "You put the generator itself into a list of one. Only a single tensor is "
        "wrapped; list(...) runs through everything else.",
    ),
    Mistake(
        additions.silent,
        "You refuse in silence: who called goes on as if the group were in. Raise a "
        "ValueError.",
    ),
    Mistake(
        additions.variant(join=lambda groups, whole: None),
        "The group is complete, and optimizer.param_groups never hears of it. Append "
        "it.",
    ),
    Mistake(
        additions.variant(join=list.extend),
        "`+=` and extend, given a dict, take its keys one by one. `append` takes the "
        "group whole.",
    ),
    Mistake(
        additions.into_defaults,
        "You write the group's options into optimizer.defaults: the next group "
        "inherits them. Make a new dict.",
    ),
    Mistake(
        additions.into_the_first,
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
        _named(group, labels) if isinstance(group, dict) else group for group in groups
    ]


def _named(group, labels):
    return {**group, "params": [labels.get(id(p), "?") for p in group["params"]]}


EXERCISE = Exercise(
    number="5.4",
    title="A group joins",
    solution=additions.add_param_group,
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
