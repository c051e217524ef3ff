"""Exercise 5.2: a parameter group for each layer, with a rate by its depth."""

from collections.abc import Iterator

import torch
from torch import nn

from helpers.exercises.chapter_05.e2_layer_rates import parts as answers
from helpers.exercises.exercise import Exercise, Mistake, faulty

UNSET = 99.0  # the default rate of the check: it shows where a group has none

FROZEN = (
    "The rates are right, and frozen parameters are held too. An old .grad, or a later "
    "thaw, would move them: take those with requires_grad only."
)
FAULTS = (
    (
        {"rate": answers.from_the_front},
        "The order is turned round: your first layer has the full rate. It belongs to "
        "the last; `reversed(layers)` counts from there.",
    ),
    (
        {"rate": answers.one_too_many},
        "Every rate is too small by one factor: the last layer is 0 places before "
        "the last, and factor to the power 0 is 1.",
    ),
    (
        {"rate": answers.growing},
        "You divide by the factor, so the rates grow towards the input. A body that "
        "was trained already moves more slowly than its head.",
    ),
    (
        {"rate": answers.linear},
        "The factor is multiplied by the number of places. It is a power: each layer "
        "has factor times the rate of the one behind it.",
    ),
    (
        {"rate": answers.times_place},
        "The factor is multiplied by the number of places, and the last layer has a "
        "rate of 0. It is a power: factor**0 is 1.",
    ),
    (
        {"rate": answers.two_rates},
        "All layers before the last have one rate. Each has factor times the rate of "
        "the one behind it.",
    ),
    (
        {"rate": answers.constant},
        "All layers have the same rate: the factor is not used.",
    ),
    (
        {"skip_frozen": False},
        FROZEN,
    ),
    (
        {"skip_empty": False},
        "Rates and parameters are right. Layers with nothing to train make empty "
        "groups: leave them out.",
    ),
    (
        {"key": "learning_rate"},
        "The optimizer knows the option as `lr`. Under another name it is kept, and "
        "read by nobody: every group got the default.",
    ),
)
WRONG_GROUPS = (
    *faulty(answers.variant, FAULTS),
    Mistake(
        answers.variant(answers.from_the_front, skip_frozen=False, skip_empty=False),
        "The order is turned round: the full rate belongs to the last layer. And "
        "frozen parameters, and layers without any, are to be left out.",
    ),
    Mistake(
        answers.counting_groups,
        "You count the layers that got a group. The places are those in the list: a "
        "Tanh or a frozen layer between two others counts.",
    ),
    Mistake(
        answers.variant(answers.right, skip_frozen=False, skip_empty=False),
        f"{FROZEN} And a layer without parameters makes no group.",
    ),
    Mistake(
        answers.whole_frozen_layers,
        "You ask one parameter of a layer and take or leave them all. A layer may be "
        "frozen in part: ask each.",
    ),
    Mistake(
        answers.all_or_none(skip_empty=True),
        "A layer that is frozen in part is left out whole. Ask each parameter: its "
        "free ones are to be trained.",
    ),
    Mistake(
        answers.all_or_none(skip_empty=False),
        "A layer that is frozen in part is left out whole: ask each parameter. And "
        "all() of nothing is True: a Tanh makes an empty group.",
    ),
    Mistake(
        answers.weights_only,
        "You take the weights and leave the biases. layer.parameters() gives both.",
    ),
    Mistake(
        answers.copies,
        "The groups hold copies. An optimizer moves the objects that it holds, and the "
        "model would keep its own.",
    ),
    Mistake(
        answers.turns_the_list,
        "The groups are right, and the caller's list is turned round: reverse() works "
        "in place. reversed(layers) leaves the list as it is.",
    ),
    Mistake(
        answers.by_parameter,
        "The rates are right, with a group for each parameter. One for each layer was "
        "asked for.",
    ),
)

LAYERS = {
    "L": lambda: nn.Linear(2, 2),
    "T": nn.Tanh,
    "F": lambda: nn.Linear(2, 2).requires_grad_(False),
    "B": lambda: _with_frozen_bias(nn.Linear(2, 2)),
}


def _with_frozen_bias(layer):
    layer.bias.requires_grad_(False)
    return layer


def _rates(answer, layers, lr, factor):
    """The rate of each held parameter by its name, group by group, from a real SGD.

    What is no list of dicts is given back as it is.
    """
    made = [LAYERS[letter]() for letter in layers]
    names = {
        id(p): f"layer {place} {name}"
        for place, layer in enumerate(made)
        for name, p in layer.named_parameters()
    }
    given, order = list(made), list(made)
    found = answer(given, lr, factor)
    found = list(found) if isinstance(found, (tuple, Iterator)) else found
    if not isinstance(found, list) or any(not isinstance(g, dict) for g in found):
        return found
    optimizer = torch.optim.SGD(found, lr=UNSET)
    groups = [
        (sorted(names.get(id(p), "a copy") for p in group["params"]), group["lr"])
        for group in optimizer.param_groups
    ]
    return sorted(groups) + ([] if given == order else ["the list was changed"])


EXERCISE = Exercise(
    number="5.2",
    title="A rate for each layer",
    solution=answers.layer_groups,
    cases=lambda: [("LLL", 0.1, 0.5), ("LTLTL", 0.2, 0.1), ("FTBLF", 1.0, 0.25)],
    probe=_rates,
    mistakes=WRONG_GROUPS,
    build=answers.variant,
    faults=FAULTS,
    compared_with="the groups of torch.optim.SGD (L is Linear, T is Tanh, F is "
    "frozen, B has a frozen bias)",
)
