"""Exercise 6.2: where the paper's Nesterov stands, from what PyTorch stores."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def papers_place(p, buffer, lr, momentum):
    """Take back the look-ahead: the paper's place, from PyTorch's parameters."""
    return p + lr * momentum * buffer


def _in_place(p, buffer, lr, momentum):
    p += lr * momentum * buffer
    return p


def _vector(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


WRONG_PLACES = (
    Mistake(
        _in_place,
        "The place is right, and with tensors you have moved PyTorch's parameters "
        "there: `+=` and methods with an underscore write into p. Make a new tensor.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p - lr * momentum * buffer,
        "You look ahead once more. The parameters are the look-ahead place already; "
        "v is -lr·b, so taking μ·v back adds lr·μ·b.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p + momentum * buffer,
        "You took PyTorch's buffer for the paper's v, and its sign for the other one. "
        "v is a movement: -lr times the buffer.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p - momentum * buffer,
        "You took PyTorch's buffer for the paper's v. v is a movement, -lr times the "
        "buffer.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p + lr * buffer,
        "You take the whole of v back. The look-ahead is μ·v.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p - lr * buffer,
        "You add the whole of v. The look-ahead is μ·v, and it has to be taken back.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p,
        "Those are PyTorch's parameters, which are the look-ahead place φ. The paper's "
        "θ is φ - μ·v.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: lr * momentum * buffer,
        "That is the way from PyTorch's parameters to the paper's place. Add it to p.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p + momentum * buffer / lr,
        "You divide by the rate. v is the buffer multiplied by -lr.",
    ),
    Mistake(
        lambda p, buffer, lr, momentum: p + lr * (1 - momentum) * buffer,
        "The look-ahead is the share μ of v, not the share 1 - μ.",
    ),
)

EXERCISE = Exercise(
    number="6.2",
    title="The paper's place",
    solution=papers_place,
    cases=lambda: [
        (1.0, -2.0, 0.1, 0.9),
        (-3.0, 5.0, 0.02, 0.5),
        (0.5, 0.25, 0.5, 0.75),
        (_vector(2.0, -1.0), _vector(-4.0, 0.5), 0.1, 0.5),
    ],
    mistakes=WRONG_PLACES,
    compared_with="the paper's recursion at four places, one of them a tensor",
)
