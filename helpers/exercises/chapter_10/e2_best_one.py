"""Exercise 10.2: keep the best weights, as they were."""

import copy

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake, faulty


def best_state(model, epochs):
    """A copy of weights and buffers after the epoch with the lowest loss."""
    best, lowest = None, float("inf")
    for train_epoch in epochs:
        loss = train_epoch(model)
        if loss < lowest:
            lowest = loss
            best = copy.deepcopy(model.state_dict())
    return best


def _copied(model):
    return copy.deepcopy(model.state_dict())


def build(take=_copied, is_better=lambda loss, lowest: loss < lowest, remembers=True):
    """The solution with some of its parts exchanged."""

    def best_state(model, epochs):
        best, lowest = None, float("inf")
        for train_epoch in epochs:
            loss = train_epoch(model)
            if is_better(loss, lowest):
                lowest = loss if remembers else lowest
                best = take(model)
        return best

    return best_state


def _views(model):
    return {name: tensor.detach() for name, tensor in model.state_dict().items()}


def _parameters_only(model):
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def _numbered(model):
    return dict(enumerate(_copied(model).values()))


def _before_the_epoch(model, epochs):
    best, lowest = None, float("inf")
    for train_epoch in epochs:
        before = _copied(model)
        loss = train_epoch(model)
        if loss < lowest:
            best, lowest = before, loss
    return best


def _falls(model, epochs):
    best, last = None, float("inf")
    for train_epoch in epochs:
        loss = train_epoch(model)
        if loss < last:
            best = _copied(model)
        last = loss
    return best


def _whole_model(model, epochs):
    return build(copy.deepcopy)(model, epochs)


def _stops_early(model, epochs):
    best, lowest = None, float("inf")
    for train_epoch in epochs:
        loss = train_epoch(model)
        if loss >= lowest:
            break
        best, lowest = _copied(model), loss
    return best


WINDOW = (
    "You keep a window onto the model: its tensors go on changing, and at the end all "
    "that you kept are the last weights. Copy the tensors too."
)
FAULTS = (
    ({"take": lambda model: model.state_dict()}, WINDOW),
    (
        {"take": lambda model: dict(model.state_dict())},
        WINDOW,
    ),
    (
        {"take": _parameters_only},
        "The parameters are right, and the buffers are missing: batch norm's running "
        "means belong to the best model as well.",
    ),
    (
        {"take": _numbered},
        "The tensors are right, and their names are lost: load_state_dict wants them.",
    ),
    (
        {"remembers": False},
        "You copy the tensors, and never lower the bar: every epoch is below infinity, "
        "so you keep the last one.",
    ),
    (
        {"is_better": lambda loss, lowest: loss <= lowest},
        "Of equal epochs you keep the last; asked for is the first.",
    ),
    (
        {"is_better": lambda loss, lowest: loss > lowest},
        "Nothing is ever kept: no loss is above infinity. The best is the lowest.",
    ),
    (
        {"take": lambda model: copy.copy(model.state_dict())},
        WINDOW,
    ),
    ({"take": _views}, WINDOW),
)

MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _before_the_epoch,
        "You copy before the epoch: the loss belongs to the weights after it.",
    ),
    Mistake(
        _falls,
        "You compare with the epoch before. The best so far may be an older one.",
    ),
    Mistake(
        _stops_early,
        "You end at the first epoch that is no better. A later one may be the best.",
    ),
    Mistake(
        _whole_model,
        "You return a copy of the model; asked for is its state dict.",
    ),
)


def _model():
    return nn.BatchNorm1d(2)


def _epoch(number, loss):
    """A function that trains: it writes its number into weights and buffers."""

    def train_epoch(model):
        with torch.no_grad():
            for tensor in model.state_dict().values():
                tensor.fill_(number)
        return loss

    return train_epoch


def _kept(answer, losses):
    """What is kept, as numbers by name, and what the model ends with."""
    model = _model()
    epochs = [_epoch(number, loss) for number, loss in enumerate(losses, start=1)]
    found = answer(model, epochs)
    if isinstance(found, nn.Module):
        return "a model"
    if not isinstance(found, dict):
        return found
    is_window = any(
        isinstance(kept, torch.Tensor) and kept.data_ptr() == own.data_ptr()
        for kept in found.values()
        for own in model.state_dict().values()
    )
    numbers = {name: _number(kept) for name, kept in found.items()}
    return {"kept": numbers, "changes with the model": is_window}


def _number(kept):
    return kept.flatten()[0].item() if isinstance(kept, torch.Tensor) else kept


EXERCISE = Exercise(
    number="10.2",
    title="The best one",
    solution=best_state,
    cases=lambda: [
        ((0.9, 0.4, 0.6, 0.5),),
        ((0.5, 0.7, 0.3, 0.3, 0.8),),
        ((0.2, 0.6, 0.4),),
    ],
    probe=_kept,
    mistakes=MISTAKES,
    compared_with="what each of three runs was like at its best",
    build=build,
    faults=FAULTS,
)
