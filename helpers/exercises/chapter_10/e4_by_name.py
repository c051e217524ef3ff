"""Exercise 10.4: an optimizer's state for parameters in another order, by name."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def by_name(saved, names):
    """The state dict with the numbers of each group in the order of `names`."""
    groups = []
    for group, today in zip(saved["param_groups"], names, strict=True):
        if sorted(today) != sorted(group["param_names"]):
            raise ValueError("other names were saved")
        places = dict(zip(group["param_names"], group["params"], strict=True))
        params = [places[name] for name in today]
        groups.append({**group, "params": params, "param_names": list(today)})
    return {"state": saved["state"], "param_groups": groups}


def _places(group, today):
    places = dict(zip(group["param_names"], group["params"], strict=True))
    return [places[name] for name in today]


def _refuse(group, today):
    if sorted(today) != sorted(group["param_names"]):
        raise ValueError


def build(
    order=_places,
    refuse=_refuse,
    regroup=lambda group, params, today: {
        **group,
        "params": params,
        "param_names": list(today),
    },
    state=lambda saved, groups: saved["state"],
):
    """The solution with some of its parts exchanged."""

    def by_name(saved, names):
        groups = []
        for group, today in zip(saved["param_groups"], names, strict=True):
            refuse(group, today)
            groups.append(regroup(group, order(group, today), today))
        return {"state": state(saved, groups), "param_groups": groups}

    return by_name


def _turned(group, today):
    """Today's place of each saved name: the inverse order."""
    return [
        group["params"][today.index(name)] if name in today else None
        for name in group["param_names"]
    ]


def _from_zero(group, today):
    return [group["param_names"].index(name) for name in today]


def _sorted(group, today):
    return [number for _, number in sorted(zip(today, group["params"], strict=False))]


def _only_those_there(group, today):
    places = dict(zip(group["param_names"], group["params"], strict=True))
    return [places[name] for name in today if name in places]


def _moved_state(saved, groups):
    """The entries renumbered as well as the groups."""
    numbers = [n for group in groups for n in group["params"]]
    return {
        place: saved["state"][number]
        for place, number in enumerate(numbers)
        if number in saved["state"]
    }


def _in_place(saved, names):
    for group, today in zip(saved["param_groups"], names, strict=True):
        _refuse(group, today)
        group["params"] = _places(group, today)
        group["param_names"] = list(today)
    return saved


def _first_group_only(saved, names):
    first = build()({**saved, "param_groups": saved["param_groups"][:1]}, names[:1])
    groups = [*first["param_groups"], *saved["param_groups"][1:]]
    return {**first, "param_groups": groups}


def _silent(saved, names):
    try:
        return by_name(saved, names)
    except ValueError:
        return saved


FAULTS = (
    (
        {"order": lambda group, today: list(group["params"])},
        "The numbers stand in the saved order: PyTorch goes by them, and not by the "
        "names.",
    ),
    (
        {"order": _turned},
        "Your order is turned around: you ask where a saved name stands today. Ask for "
        "each of today's names which number it had.",
    ),
    (
        {"order": _from_zero},
        "You count from 0 in each group. The numbers run on through all groups: take "
        'them from "params".',
    ),
    (
        {"order": _sorted},
        "You sort by name. Today's order is that of `names`, whatever it is.",
    ),
    (
        {"refuse": lambda group, today: None},
        "Names that differ are to be refused with a ValueError; yours raises another "
        "error, or none.",
    ),
    (
        {"refuse": lambda group, today: None, "order": _only_those_there},
        "You leave out names that were not saved, in silence. Raise a ValueError.",
    ),
    (
        {
            "regroup": lambda group, params, today: {
                "params": params,
                "param_names": list(today),
            }
        },
        "The options of the group are lost: its rate, its betas. Keep them.",
    ),
    (
        {"regroup": lambda group, params, today: {**group, "params": params}},
        '"param_names" still has the saved order: the next save would pair names and '
        "numbers wrongly.",
    ),
    (
        {"state": _moved_state},
        "You renumber the entries and the groups: that cancels. One of the two is "
        "enough.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _in_place,
        "The numbers are right, and you write them into `saved`. Make new dicts for "
        "the groups.",
    ),
    Mistake(
        _first_group_only,
        "You put the first group in order only. The others have orders too.",
    ),
    Mistake(
        _silent,
        "You refuse in silence, with the state as it was saved: who loads it gets the "
        "wrong moments. Raise a ValueError.",
    ),
)

NAMED = (["b", "a", "c"], ["d", "e"])


def _optimizer(names):
    """Adam over parameters of one number each, in two groups with names."""
    groups = [
        {"params": [(name, torch.ones(1, requires_grad=True)) for name in group]}
        for group in names
    ]
    groups[-1]["lr"] = 0.5
    return torch.optim.Adam(groups, lr=0.1)


def _saved():
    """Its state after a step in which each name had a gradient of its own."""
    optimizer = _optimizer(NAMED)
    for group in optimizer.param_groups:
        for name, p in zip(group["param_names"], group["params"], strict=True):
            if name != "e":
                p.grad = torch.tensor([10.0 * (1 + "abcde".index(name))])
    optimizer.step()
    return optimizer.state_dict()


def _loaded(answer, saved, names):
    """What PyTorch gives to each name, or that a ValueError came."""
    try:
        found = answer(saved, names)
    except ValueError:
        return "refused"
    if not isinstance(found, dict):
        return found
    optimizer = _optimizer(names)
    optimizer.load_state_dict(found)
    means, options = {}, []
    for today, group in zip(names, optimizer.param_groups, strict=True):
        options.append((group["lr"], list(group["param_names"])))
        for name, p in zip(today, group["params"], strict=True):
            entry = optimizer.state.get(p, {})
            means[name] = entry["exp_avg"].item() if entry else None
    return {"means": means, "options": options}


EXERCISE = Exercise(
    number="10.4",
    title="By name",
    solution=by_name,
    cases=lambda: [
        (_saved(), [["b", "a", "c"], ["d", "e"]]),
        (_saved(), [["c", "b", "a"], ["d", "e"]]),
        (_saved(), [["a", "c", "b"], ["e", "d"]]),
        (_saved(), [["a", "b", "f"], ["d", "e"]]),
    ],
    probe=_loaded,
    tolerance=1e-5,
    mistakes=MISTAKES,
    compared_with="the means that each name had, loaded by torch.optim.Adam",
    build=build,
    faults=FAULTS,
)
