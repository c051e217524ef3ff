"""Exercise 2.1: which of six tensors `backward()` gives a gradient.

With this module one can: check an answer to it (`EXERCISE`), and run the exercise's
lines (`run_lines`).
"""

import torch

from helpers.exercises.model import Exercise, Mistake

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


def _but(**changes):
    return HAS_GRADIENT | changes


CONVERTED = (
    "The tensor e is a leaf: its numbers were float32 before, so .to had nothing to "
    "convert and gave the same tensor back."
)
COMPUTED = (
    "The tensor c requires a gradient and was computed: 3 * ones is recorded. "
    "The gradient goes on to the leaf inside, which has no name; c keeps none."
)
NOT_ASKED = (
    "No recorded operation made {}, so it is a leaf. It requires no gradient, and "
    "so it gets none: a leaf needs both."
)
WRONG_ANSWERS = (
    Mistake(_but(c=True), COMPUTED),
    Mistake(_but(e=False), CONVERTED),
    Mistake(_but(c=True, e=False), f"{COMPUTED} And e is one: nothing was converted."),
    Mistake(_but(b=True), NOT_ASKED.format("b")),
    Mistake(_but(f=True), NOT_ASKED.format("f") + " detach() sees to that."),
    Mistake(
        _but(b=True, f=True),
        "Not every leaf gets a gradient: it must also require one.",
    ),
    Mistake(
        _but(d=False),
        "The tensor d was converted first and asked afterwards: when requires_grad_ "
        "runs, nothing is recorded yet, so d is a leaf.",
    ),
    Mistake(
        _but(d=False, e=False),
        "You took d and e for computed tensors. d was converted before anything was "
        "recorded, and e was float32 already, so .to gave the leaf itself back.",
    ),
    Mistake(
        dict.fromkeys("abcdef", True),
        "Taking part in the loss is not enough. backward() fills leaves that require a "
        "gradient: not computed tensors, and not constants.",
    ),
    Mistake(
        {name: not filled for name, filled in HAS_GRADIENT.items()},
        "All six are the wrong way round: True means that .grad is not None.",
    ),
)

EXERCISE = Exercise(
    number="2.1",
    title="Who gets a gradient?",
    solution=HAS_GRADIENT,
    cases=lambda: [()],
    mistakes=WRONG_ANSWERS,
    compared_with="what PyTorch does with these lines",
)
