"""Exercise 14.3: clip a gradient's norm without asking for its value."""

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx

from helpers.exercises.exercise import Exercise, Mistake, faulty
from helpers.fast.errors import CaptureError, in_capture


def clipped(gradient, limit):
    """The gradient, scaled to a norm of `limit` where it is longer."""
    return gradient * (limit / gradient.norm()).clamp(max=1.0)


def _as_given(gradient, limit):
    norm = gradient.norm()
    if norm > limit:
        gradient = gradient * (limit / norm)
    return gradient


def build(
    size=lambda gradient: gradient.norm(),
    factor=lambda norm, limit: (limit / norm).clamp(max=1.0),
    scale=lambda gradient, factor: gradient * factor,
):
    """The solution with some of its parts exchanged."""

    def clipped(gradient, limit):
        return scale(gradient, factor(size(gradient), limit))

    return clipped


FAULTS = (
    (
        {"factor": lambda norm, limit: limit / norm},
        "You scale short gradients up to the limit too. The factor is at most 1.",
    ),
    (
        {"factor": lambda norm, limit: (limit / norm).clamp(min=1.0)},
        "Your clamp has the wrong end: long gradients stay, short ones grow. The "
        "factor is at most 1.",
    ),
    (
        {"factor": lambda norm, limit: (norm / limit).clamp(max=1.0)},
        "Your quotient is upside down: a gradient twice too long is halved.",
    ),
    (
        {"factor": lambda norm, limit: norm.clamp(max=limit) / norm},
        "Right but for a gradient of zeros: 0 / 0 is nan. limit / 0 is infinite, and "
        "clamp can deal with that.",
    ),
    (
        {"size": lambda gradient: gradient.square().sum()},
        "That is the square of the norm: its root is missing.",
    ),
    (
        {"size": lambda gradient: gradient.abs().max()},
        "You measure the largest entry; the norm is the root of the sum of squares.",
    ),
    (
        {"size": lambda gradient: gradient.abs().sum()},
        "You measure the sum of sizes; the norm is the root of the sum of squares.",
    ),
    (
        {"scale": lambda gradient, factor: factor},
        "You return the factor. Multiply the gradient by it.",
    ),
    (
        {"scale": lambda gradient, factor: gradient / factor},
        "You divide by the factor; multiply.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        lambda gradient, limit: gradient.clamp(-limit, limit),
        "You clamp each entry, which turns the gradient. Scale all by one factor.",
    ),
    Mistake(
        lambda gradient, limit: gradient,
        "You return it as it is. A gradient that is longer than the limit is scaled.",
    ),
    Mistake(
        lambda gradient, limit: torch.zeros_like(gradient),
        "You return zeros.",
    ),
)


def _captured(answer, gradient, limit):
    """Whether an answer can be written down without its numbers."""
    fake = FakeTensorMode(allow_non_fake_inputs=True)
    stand_in = fake.from_tensor(gradient)
    try:
        with in_capture(), fake:
            make_fx(lambda array: answer(array, limit))(stand_in)
    except CaptureError:
        return False
    return True


def _scaled(answer, gradient, limit):
    """What comes out, and whether it can be captured."""
    found = answer(gradient, limit)
    return {"scaled": found, "captured": _captured(answer, gradient, limit)}


EXERCISE = Exercise(
    number="14.3",
    title="Without a question",
    solution=clipped,
    cases=lambda: [
        (torch.tensor([3.0, 4.0]), 1.0),
        (torch.tensor([0.3, -0.4]), 1.0),
        (torch.zeros(3), 2.0),
        (torch.tensor([[6.0, -2.0], [3.0, 0.0]]), 3.5),
    ],
    probe=_scaled,
    mistakes=MISTAKES,
    compared_with="the function with `if`, and captured as a graph, four times",
    starting_point=_as_given,
    build=build,
    faults=FAULTS,
)
