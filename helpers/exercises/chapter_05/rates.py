"""Exercise 5.3: a parameter group for each layer, with a rate by its depth.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch
from torch import nn

from helpers.exercises.model import Exercise, Mistake

UNSET = 99.0  # the default rate of the check: it shows where a group has none


def layer_groups(layers, lr, factor):
    """Groups whose rate is lr for the last layer, and factor times less each before."""
    groups = []
    for k, layer in enumerate(reversed(layers)):
        free = [p for p in layer.parameters() if p.requires_grad]
        if free:
            groups.append({"params": free, "lr": lr * factor**k})
    return groups


def _variant(rate, skip_frozen=True, skip_empty=True, key="lr"):
    """The solution with another `rate(place, count, lr, factor)`, or another flaw."""

    def layer_groups(layers, lr, factor):
        groups = []
        for place, layer in enumerate(layers):
            params = [
                p for p in layer.parameters() if p.requires_grad or not skip_frozen
            ]
            if params or not skip_empty:
                value = rate(place, len(layers), lr, factor)
                groups.append({"params": params, key: value})
        return groups

    return layer_groups


def _right(place, count, lr, factor):
    return lr * factor ** (count - 1 - place)


def _from_the_front(place, count, lr, factor):
    return lr * factor**place


def _one_too_many(place, count, lr, factor):
    return lr * factor ** (count - place)


def _growing(place, count, lr, factor):
    return lr / factor ** (count - 1 - place)


def _linear(place, count, lr, factor):
    return lr * factor * (count - 1 - place) or lr


def _two_rates(place, count, lr, factor):
    return lr if place == count - 1 else lr * factor


def _constant(place, count, lr, factor):
    return lr


def _counting_groups(layers, lr, factor):
    free = [[p for p in layer.parameters() if p.requires_grad] for layer in layers]
    filled = [params for params in free if params]
    pairs = enumerate(reversed(filled))
    return [{"params": params, "lr": lr * factor**k} for k, params in pairs]


def _by_parameter(layers, lr, factor):
    groups = layer_groups(layers, lr, factor)
    return [{"params": [p], "lr": g["lr"]} for g in groups for p in g["params"]]


def _whole_frozen_layers(layers, lr, factor):
    """Leaves a layer out if its first parameter is frozen, and keeps all otherwise."""
    groups = []
    for k, layer in enumerate(reversed(layers)):
        params = list(layer.parameters())
        if params and params[0].requires_grad:
            groups.append({"params": params, "lr": lr * factor**k})
    return groups


FROZEN = (
    "The rates are right, and frozen parameters are held too. An old .grad, or a later "
    "thaw, would move them: take those with requires_grad only."
)
WRONG_GROUPS = (
    Mistake(
        _variant(_from_the_front),
        "The order is turned round: your first layer has the full rate. It belongs to "
        "the last; `reversed(layers)` counts from there.",
    ),
    Mistake(
        _variant(_from_the_front, skip_frozen=False, skip_empty=False),
        "The order is turned round: the full rate belongs to the last layer. And "
        "frozen parameters, and layers without any, are to be left out.",
    ),
    Mistake(
        _variant(_one_too_many),
        "Every rate is too small by one factor: the last layer is 0 places before "
        "the last, and factor to the power 0 is 1.",
    ),
    Mistake(
        _variant(_growing),
        "You divide by the factor, so the rates grow towards the input. A body that "
        "was trained already moves more slowly than its head.",
    ),
    Mistake(
        _variant(_linear),
        "The factor is multiplied by the number of places. It is a power: each layer "
        "has factor times the rate of the one behind it.",
    ),
    Mistake(
        _variant(_two_rates),
        "All layers before the last have one rate. Each has factor times the rate of "
        "the one behind it.",
    ),
    Mistake(
        _variant(_constant), "All layers have the same rate: the factor is not used."
    ),
    Mistake(
        _counting_groups,
        "You count the layers that got a group. The places are those in the list: a "
        "Tanh or a frozen layer between two others counts.",
    ),
    Mistake(_variant(_right, skip_frozen=False), FROZEN),
    Mistake(
        _variant(_right, skip_frozen=False, skip_empty=False),
        f"{FROZEN} And a layer without parameters makes no group.",
    ),
    Mistake(
        _whole_frozen_layers,
        "You ask one parameter of a layer and take or leave them all. A layer may be "
        "frozen in part: ask each.",
    ),
    Mistake(
        _variant(_right, skip_empty=False),
        "Rates and parameters are right. Layers with nothing to train make empty "
        "groups: leave them out.",
    ),
    Mistake(
        _variant(_right, key="learning_rate"),
        "The optimizer knows the option as `lr`. Under another name it is kept, and "
        "read by nobody: every group got the default.",
    ),
    Mistake(
        _by_parameter,
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
    """The rate of each held parameter by its name, group by group, from a real SGD."""
    made = [LAYERS[letter]() for letter in layers]
    names = {
        id(p): f"layer {place} {name}"
        for place, layer in enumerate(made)
        for name, p in layer.named_parameters()
    }
    optimizer = torch.optim.SGD(answer(made, lr, factor), lr=UNSET)
    groups = [
        (sorted(names[id(p)] for p in group["params"]), group["lr"])
        for group in optimizer.param_groups
    ]
    return sorted(groups)


EXERCISE = Exercise(
    number="5.3",
    title="A rate for each layer",
    solution=layer_groups,
    cases=lambda: [("LLL", 0.1, 0.5), ("LTLTL", 0.2, 0.1), ("FTBLF", 1.0, 0.25)],
    probe=_rates,
    mistakes=WRONG_GROUPS,
    compared_with="the groups of torch.optim.SGD (L is Linear, T is Tanh, F is "
    "frozen, B has a frozen bias)",
)
