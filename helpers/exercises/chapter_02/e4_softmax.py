"""Exercise 2.4: the derivative of softmax."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def softmax_rule(grad, out):
    """The gradient of the numbers, given that of their shares, along the last dim."""
    return out * (grad - (grad * out).sum(-1, keepdim=True))


def _diagonal(grad, out):
    return grad * out * (1 - out)


def _unweighted(grad, out):
    return out * (grad - grad.sum(-1, keepdim=True))


def _without_sum(grad, out):
    return out * (grad - grad * out)


def _without_front(grad, out):
    return grad - (grad * out).sum(-1, keepdim=True)


def _second_without_front(grad, out):
    return grad * out - (grad * out).sum(-1, keepdim=True)


def _other_way_round(grad, out):
    return -softmax_rule(grad, out)


def _shares_summed(grad, out):
    return out * (grad - out.sum(-1, keepdim=True))


def _first_term(grad, out):
    return out * grad


def _without_grad(grad, out):
    return out * (1 - out)


def _everything_summed(grad, out):
    return out * (grad - (grad * out).sum())


def _wrong_dim(grad, out):
    return out * (grad - (grad * out).sum(0, keepdim=True))


def _plus(grad, out):
    return out * (grad + (grad * out).sum(-1, keepdim=True))


def _mean(grad, out):
    return out * (grad - (grad * out).mean(-1, keepdim=True))


def _without_keepdim(grad, out):
    return out * (grad - (grad * out).sum(-1))


ELEMENTWISE = (
    "That is the slope of each share along its own number, as if softmax worked on "
    "each element alone. When one number grows, the other shares shrink: the sum over "
    "k brings those in."
)
WRONG_RULES = (
    Mistake(_diagonal, ELEMENTWISE),
    Mistake(_without_sum, ELEMENTWISE),
    Mistake(
        _without_grad,
        "The formula has lost grad. It looks right when the walk starts with ones, and "
        "no other test passes.",
    ),
    Mistake(
        _unweighted,
        "In the second term each gradient has its share as a factor: sum grad * out, "
        "not grad.",
    ),
    Mistake(
        _without_front,
        "The factor y_i in front is missing: it belongs to both terms.",
    ),
    Mistake(
        _second_without_front,
        "The second term has lost its factor y_i: out belongs to both terms.",
    ),
    Mistake(
        _other_way_round,
        "The signs are the wrong way round: the term with k = i is added, the sum over "
        "all k is subtracted.",
    ),
    Mistake(
        _shares_summed,
        "You sum the shares alone, and that is always 1. The sum over k is of grad "
        "times out.",
    ),
    Mistake(
        _first_term,
        "That is the first term, where k = i. The second one, minus y_i times the sum "
        "of all grad * out, is missing.",
    ),
    Mistake(
        _everything_summed,
        "Right for a single row. With several rows each has a softmax of its own: sum "
        "along the last dimension only, with keepdim=True.",
    ),
    Mistake(
        _wrong_dim,
        "Right for a single row. With several rows you sum over the rows: the softmax "
        "runs along the last dimension, -1.",
    ),
    Mistake(_plus, "The second term is subtracted: its slope is -y_k y_i."),
    Mistake(
        _mean,
        "Where paths meet, add: a sum over k, without dividing by their number.",
    ),
    Mistake(
        _without_keepdim,
        "Right for a single row. With several rows the sum has lost its dimension, and "
        "broadcasting lines it up with the wrong one: keepdim=True.",
    ),
)


def _gradients_and_shares():
    """One row, three rows of three, and a block of two tables."""
    generator = torch.Generator().manual_seed(0)
    pairs = torch.randn(2, 2, 3, 3, dtype=torch.float64, generator=generator)
    grad, out = pairs[0], pairs[1].softmax(-1)
    return [(grad[0, 0], out[0, 0]), (grad[0], out[0]), (grad, out)]


EXERCISE = Exercise(
    number="2.4",
    title="The rule of softmax",
    solution=softmax_rule,
    cases=_gradients_and_shares,
    mistakes=WRONG_RULES,
    compared_with="PyTorch's gradient of softmax for three shapes",
)
