"""Exercise 16.3: what will become of a tensor at the next step, and why."""

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake, faulty


def why_still(weight, model, optimizer):
    """Why a tensor will not move at the next step, or that it moves."""
    return build()(weight, model, optimizer)


def _same(weight, others):
    return any(p is weight for p in others)


def _equal(weight, others):
    return any(p.shape == weight.shape and torch.equal(p, weight) for p in others)


def _all_groups(optimizer):
    return [p for group in optimizer.param_groups for p in group["params"]]


def build(
    is_cut=lambda weight: weight.grad is None,
    among=_same,
    held=_all_groups,
    first="model",
    words=("cut", "not registered", "not held", "moves"),
):
    """The solution with some of its parts exchanged."""

    def why_still(weight, model, optimizer):
        in_model = among(weight, model.parameters())
        in_optimizer = among(weight, held(optimizer))
        if is_cut(weight):
            return words[0]
        if first == "optimizer" and not in_optimizer:
            return words[2]
        if not in_model:
            return words[1]
        return words[3] if in_optimizer else words[2]

    return why_still


def _asks_for_the_gradient_last(weight, model, optimizer):
    if not _same(weight, model.parameters()):
        return "not registered"
    if not _same(weight, _all_groups(optimizer)):
        return "not held"
    return "cut" if weight.grad is None else "moves"


FAULTS = (
    (
        {"is_cut": lambda weight: weight.grad is None or not weight.grad.any()},
        "A gradient of zeros has arrived: the graph is whole, and decay or momentum "
        "may move the tensor.",
    ),
    (
        {"is_cut": lambda weight: not weight.requires_grad},
        "requires_grad says what is asked for, not what arrived. Behind a detach it is "
        "True, and .grad is None.",
    ),
    (
        {"among": _equal},
        "You compare numbers. A copy has the same numbers, and another .grad: compare "
        "objects, with `is`.",
    ),
    (
        {"held": lambda optimizer: optimizer.param_groups[0]["params"]},
        "You look into the first group only. An optimizer may have several.",
    ),
    (
        {"held": lambda optimizer: optimizer.param_groups[-1]["params"]},
        "You look into the last group only. An optimizer may have several.",
    ),
    (
        {"first": "optimizer"},
        "You ask the optimizer before the model. What is not registered is not held "
        "either: the root is the model.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _asks_for_the_gradient_last,
        "You ask for the gradient last. The first question is whether one arrived.",
    ),
)


def _setting(kind):
    """A weight, its model and its optimizer, after backward."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 1, bias=False))
    groups = [{"params": [model[0].weight]}, {"params": [model[1].weight]}]
    loose = nn.Parameter(torch.ones(2, 2))
    weight, optimizer = model[0].weight, torch.optim.SGD(groups, lr=0.1)
    hidden = model[0](torch.ones(3, 2))
    if kind == "cut":
        hidden = hidden.detach()
    if kind == "second group":
        weight = model[1].weight
    if kind in ("unregistered", "unregistered but held"):
        weight, hidden = loose, hidden @ loose
    if kind == "unregistered but held":
        optimizer.add_param_group({"params": [loose]})
    if kind in ("copy", "partly held"):
        copied = [nn.Parameter(model[0].weight.detach().clone()), model[1].weight]
        optimizer = torch.optim.SGD(copied, lr=0.1)
    loss = model[1](hidden).sum() * (0.0 if kind == "zeros" else 1.0)
    loss.backward()
    if kind == "cut and not held":
        weight.grad = None
        optimizer = torch.optim.SGD([model[1].weight], lr=0.1)
    if kind == "loose and unused":
        weight = loose
    return weight, model, optimizer


KINDS = (
    "moves", "second group", "cut", "zeros", "unregistered", "unregistered but held",
    "copy", "cut and not held", "loose and unused",
)  # fmt: skip

EXERCISE = Exercise(
    number="16.3",
    title="Why does it stand still?",
    solution=why_still,
    cases=lambda: [(kind,) for kind in KINDS],
    probe=lambda answer, kind: answer(*_setting(kind)),
    mistakes=MISTAKES,
    compared_with="nine tensors after their backward()",
    build=build,
    faults=FAULTS,
)
