"""Exercise 0.4: whether an optimizer holds a model's parameters."""

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake


def owns(optimizer, model):
    """Say whether the optimizer holds each parameter of the model that can learn."""
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    return all(id(p) in held for p in model.parameters() if p.requires_grad)


def _held(optimizer):
    return [p for group in optimizer.param_groups for p in group["params"]]


def _owns_equal_numbers(optimizer, model):
    held = _held(optimizer)
    learning = (p for p in model.parameters() if p.requires_grad)
    return all(any(torch.equal(p, q) for q in held) for p in learning)


def _owns_as_many(optimizer, model):
    learning = [p for p in model.parameters() if p.requires_grad]
    return len(_held(optimizer)) >= len(learning)


def _owns_in_first_group(optimizer, model):
    held = {id(p) for p in optimizer.param_groups[0]["params"]}
    return all(id(p) in held for p in model.parameters() if p.requires_grad)


def _owns_some(optimizer, model):
    held = {id(p) for p in _held(optimizer)}
    return any(id(p) in held for p in model.parameters() if p.requires_grad)


def _owns_frozen_too(optimizer, model):
    held = {id(p) for p in _held(optimizer)}
    return all(id(p) in held for p in model.parameters())


def _owns_exactly(optimizer, model):
    learning = {id(p) for p in model.parameters() if p.requires_grad}
    return {id(p) for p in _held(optimizer)} == learning


def _owns_the_first(optimizer, model):
    return any(p is next(model.parameters()) for p in _held(optimizer))


def _owns_by_in(optimizer, model):
    held = _held(optimizer)
    return all(p in held for p in model.parameters() if p.requires_grad)


WRONG_OWNERS = (
    Mistake(
        _owns_equal_numbers,
        "You compare numbers. A second model built from the same seed holds equal "
        "numbers in other tensors, and the optimizer moves only its own. Compare "
        "objects: `p is q`, or their id.",
    ),
    Mistake(
        _owns_as_many,
        "You count parameters. An optimizer can hold just as many of another model.",
    ),
    Mistake(
        _owns_in_first_group,
        "You look into the first parameter group only. An optimizer may have several, "
        "each with tensors of its own.",
    ),
    Mistake(
        _owns_some,
        "One parameter that is held is not enough: you say True for an optimizer that "
        "trains the last layer alone. Ask for all of them.",
    ),
    Mistake(
        _owns_exactly,
        "An optimizer may hold more than this model, and still own all of it: ask "
        "whether each parameter is among the held ones.",
    ),
    Mistake(
        _owns_the_first,
        "You look at the first parameter only. The optimizer must hold each one that "
        "requires a gradient.",
    ),
    Mistake(
        _owns_frozen_too,
        "You ask for the frozen parameters too. One with requires_grad=False gets no "
        "gradient, so no optimizer has to hold it.",
    ),
    Mistake(
        _owns_by_in,
        "`in` compares with ==, and for tensors that compares numbers, element by "
        "element. Compare objects: `any(p is q for q in held)`, or a set of id(p).",
    ),
)


def _optimizers_and_models():
    """Pairs: owner, twin, stranger, two groups, a part, a frozen layer, half of it."""

    def network():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))

    def sgd(parameters):
        return torch.optim.SGD(parameters, lr=0.1)

    one, two, part, half = network(), network(), network(), network()
    stranger = nn.Sequential(nn.Linear(5, 1), nn.Linear(1, 1))
    frozen = network()
    frozen[0].requires_grad_(False)
    groups = [{"params": two[0].parameters()}, {"params": two[2].parameters()}]
    return [
        (sgd(one.parameters()), one),
        (sgd(one.parameters()), network()),
        (sgd(stranger.parameters()), network()),
        (sgd(groups), two),
        (sgd(part[2].parameters()), part),
        (sgd(frozen[2].parameters()), frozen),
        (sgd([*one.parameters(), *two.parameters()]), one),
        (sgd([half[0].weight, half[0].bias, one[0].weight, one[0].bias]), half),
    ]


EXERCISE = Exercise(
    number="0.4",
    title="Who owns the model?",
    solution=owns,
    cases=_optimizers_and_models,
    mistakes=WRONG_OWNERS,
    compared_with="what eight optimizers are known to hold",
)
