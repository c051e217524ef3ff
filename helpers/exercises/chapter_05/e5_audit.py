"""Exercise 5.5: what an optimizer misses of a model, and what it holds beside it."""

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake


def audit(model, optimizer):
    """The names of free parameters that are not held, and the count of strangers."""
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    own = {id(p) for p in model.parameters()}
    missed = [
        name
        for name, p in model.named_parameters()
        if p.requires_grad and id(p) not in held
    ]
    return {"missed": missed, "strangers": len(held - own)}


def _audit(missed=None, strangers=None):
    """The solution with one of its two parts exchanged."""

    def answer(model, optimizer):
        right = audit(model, optimizer)
        groups = optimizer.param_groups
        if missed:
            right["missed"] = missed(model, groups)
        if strangers:
            right["strangers"] = strangers(model, groups)
        return right

    return answer


def _all_of(groups):
    return [p for group in groups for p in group["params"]]


def _not_in(model, held, frozen_too=False):
    ids = {id(p) for p in held}
    named = model.named_parameters()
    kept = [(n, p) for n, p in named if p.requires_grad or frozen_too]
    return [name for name, p in kept if id(p) not in ids]


def _by_shape(model, groups):
    shapes = {p.shape for p in _all_of(groups)}
    return [n for n, p in model.named_parameters() if p.shape not in shapes]


def _by_numbers(model, groups):
    held = _all_of(groups)
    return [
        name
        for name, p in model.named_parameters()
        if p.requires_grad and not any(torch.equal(p, other) for other in held)
    ]


def _without_gradient(model, groups):
    named = model.named_parameters()
    return [n for n, p in named if p.requires_grad and p.grad is None]


def _held_instead(model, groups):
    ids = {id(p) for p in _all_of(groups)}
    return [name for name, p in model.named_parameters() if id(p) in ids]


def _with_prefix_only(model, groups):
    return [name.split(".")[0] for name in _not_in(model, _all_of(groups))]


def _layers_once(model, groups):
    return sorted(set(_with_prefix_only(model, groups)))


def _difference_of_counts(model, groups):
    return abs(len(_all_of(groups)) - len(list(model.parameters())))


def _first_group_strangers(model, groups):
    own = {id(p) for p in model.parameters()}
    return len({id(p) for p in groups[0]["params"]} - own)


def _not_free(model, groups):
    own = {id(p) for p in model.parameters() if p.requires_grad}
    return len({id(p) for p in _all_of(groups)} - own)


def _first_group(model, optimizer):
    groups = optimizer.param_groups[:1]
    missed = _not_in(model, _all_of(groups))
    return {"missed": missed, "strangers": _first_group_strangers(model, groups)}


def _by_in(model, optimizer):
    held = _all_of(optimizer.param_groups)
    own = list(model.parameters())
    named = model.named_parameters()
    missed = [n for n, p in named if p.requires_grad and p not in held]
    return {"missed": missed, "strangers": sum(p not in own for p in held)}


def _without_state(model, optimizer):
    named = model.named_parameters()
    right = audit(model, optimizer)
    missed = [n for n, p in named if p.requires_grad and p not in optimizer.state]
    return right | {"missed": missed}


FROZEN = (
    "A frozen parameter need not be held: nothing is missed. Name those that require "
    "a gradient."
)
WRONG_AUDITS = (
    Mistake(
        _audit(lambda model, groups: _not_in(model, _all_of(groups), frozen_too=True)),
        FROZEN,
    ),
    Mistake(
        _first_group,
        "You look into the first group only. Whatever add_param_group brought stands "
        "in the others.",
    ),
    Mistake(
        _audit(lambda model, groups: _not_in(model, groups[0]["params"])),
        "For what is missed you look into the first group only. All groups are held.",
    ),
    Mistake(
        _audit(strangers=_first_group_strangers),
        "You count strangers in the first group only. They may stand in any.",
    ),
    Mistake(
        _by_in,
        "`in` on a list of tensors compares numbers, not objects. Compare with `is`, "
        "or compare ids.",
    ),
    Mistake(
        _audit(_by_numbers),
        "You compare numbers. A copy with the same numbers is another object, and the "
        "optimizer moves the other one. Compare ids.",
    ),
    Mistake(
        _audit(_by_shape),
        "You compare shapes. A replaced layer has the shape of the old one as a rule. "
        "Compare ids.",
    ),
    Mistake(
        _audit(_without_gradient),
        "You name the parameters without a gradient. A missed one gets its gradient "
        "from backward all the same; ask what the optimizer holds.",
    ),
    Mistake(
        _audit(_held_instead), "You name what is held. Asked is for what is missed."
    ),
    *(
        Mistake(
            _audit(names),
            "You name layers. A single parameter may be missed: give its whole name.",
        )
        for names in (_with_prefix_only, _layers_once)
    ),
    Mistake(
        _without_state,
        "You ask the state. It is empty before the first step: what the optimizer "
        "holds stands in its groups.",
    ),
    Mistake(
        _audit(strangers=_difference_of_counts),
        "Strangers are no difference of counts: a replaced layer changes none. Count "
        "what is held and is not in the model.",
    ),
    Mistake(
        _audit(strangers=lambda model, groups: 0),
        "The missed ones are right, and you find no strangers. A replaced layer leaves "
        "its old parameters in the optimizer.",
    ),
    Mistake(
        _audit(strangers=_not_free),
        "A frozen parameter is no stranger: it belongs to the model. Compare with all "
        "parameters of the model.",
    ),
)


def _model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 1))


def _replaced(model, optimizer):
    copy = nn.Linear(2, 2)
    copy.load_state_dict(model[1].state_dict())
    model[1] = copy


def _thawed(model, optimizer):
    optimizer.param_groups[0]["params"] = [model[1].weight]
    model[0].requires_grad_(False)
    optimizer.add_param_group({"params": model[2].parameters()})


def _second_group(model, optimizer):
    optimizer.add_param_group({"params": nn.Linear(3, 1).parameters()})
    model.append(nn.Linear(1, 1))


SCENES = {
    "nothing was changed": lambda model, optimizer: None,
    "model.to(float64)": lambda model, optimizer: model.to(torch.float64),
    "a layer was replaced by a copy": _replaced,
    "one layer is frozen, one in group 2, one bias left out": _thawed,
    "a frozen layer is held": lambda model, optimizer: model[0].requires_grad_(False),
    "another model is in group 2, a layer was appended": _second_group,
}


def _found(answer, scene):
    model = _model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(torch.ones(1, 2)).sum().backward()
    SCENES[scene](model, optimizer)
    found = answer(model, optimizer)
    names = found.get("missed") if isinstance(found, dict) else None
    if isinstance(names, (list, tuple, set)):
        return found | {"missed": sorted(names, key=_by_name)}
    return found


def _by_name(name):
    return name if isinstance(name, str) else ""


EXERCISE = Exercise(
    number="5.5",
    title="What does it miss?",
    solution=audit,
    cases=lambda: [(scene,) for scene in SCENES],
    probe=_found,
    mistakes=WRONG_AUDITS,
    compared_with="what a step of torch.optim.SGD moves, in six scenes",
)
