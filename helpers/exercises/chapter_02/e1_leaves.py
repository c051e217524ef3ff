"""Exercise 2.1: which of six tensors `backward()` gives a gradient."""

import torch

from helpers.exercises.exercise import Exercise, Mistake

HAS_GRADIENT = {"a": True, "b": False, "c": False, "d": True, "e": True, "f": False}


def run_lines():
    """The six tensors by name, after the backward of the exercise."""
    a = torch.ones(2, requires_grad=True)
    b = torch.ones(2)
    c = 3 * torch.ones(2, requires_grad=True)
    d = torch.ones(2).double().requires_grad_()
    e = torch.ones(2, requires_grad=True).to(torch.float32)
    f = a.detach()
    (a * b * c * d * e * f).sum().backward()
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f}


NOT_ASKED = (
    "No recorded operation made {0}, so {0} is a leaf. It requires no gradient, and "
    "so it gets none: a leaf needs both."
)
WHY = {
    "a": "The tensor a is a leaf and requires a gradient. That others are computed "
    "from it, or detached from it, takes nothing away.",
    "b": NOT_ASKED.format("b"),
    "c": "The tensor c requires a gradient and was computed: 3 * ones is recorded. "
    "The gradient goes on to the leaf inside, which has no name; c keeps none.",
    "d": "The tensor d was converted first and asked afterwards: when requires_grad_ "
    "runs, nothing is recorded yet, so d is a leaf.",
    "e": "The tensor e is a leaf: its numbers were float32 before, so .to had nothing "
    "to convert and gave the same tensor back.",
    "f": NOT_ASKED.format("f") + " detach() sees to that.",
}


def _wrong_at(name):
    """The answer that is wrong at this name."""
    return Mistake(HAS_GRADIENT | {name: not HAS_GRADIENT[name]}, WHY[name])


WRONG_ANSWERS = (
    Mistake(
        dict.fromkeys("abcdef", True),
        "Taking part in the loss is not enough. backward() fills leaves that require a "
        "gradient: not computed tensors, and not constants.",
    ),
    Mistake(
        {name: not filled for name, filled in HAS_GRADIENT.items()},
        "All six are the wrong way round: True means that .grad is not None.",
    ),
    *map(_wrong_at, "abcdef"),
)

EXERCISE = Exercise(
    number="2.1",
    title="Who gets a gradient?",
    solution=HAS_GRADIENT,
    cases=lambda: [()],
    mistakes=WRONG_ANSWERS,
    compared_with="what PyTorch does with these lines",
)
