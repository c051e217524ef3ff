"""Exercise 4.4: the gradient of a large batch from parts of unequal size.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch

from helpers.autograd import tensor
from helpers.exercises.model import Exercise, Mistake


def gradient_in_parts(weights, loss_of, parts):
    """Leave in .grad the gradient of the mean loss over all points of all parts."""
    weights.grad = None
    total = sum(len(part) for part in parts)
    for part in parts:
        (loss_of(weights, part) * (len(part) / total)).backward()


def _scaled(scale, clear=True):
    """A walk over the parts; `scale(part, parts)` is the factor of a part's loss."""

    def gradient_in_parts(weights, loss_of, parts):
        if clear:
            weights.grad = None
        for part in parts:
            (loss_of(weights, part) * scale(part, parts)).backward()

    return gradient_in_parts


def _share(part, parts):
    return len(part) / sum(map(len, parts))


def _overwriting(weights, loss_of, parts):
    for part in parts:
        weights.grad = None
        (loss_of(weights, part) * _share(part, parts)).backward()


def _clearing_after(weights, loss_of, parts):
    gradient_in_parts(weights, loss_of, parts)
    weights.grad = None


def _last_part_left_out(weights, loss_of, parts):
    weights.grad = None
    for part in parts[:-1]:
        (loss_of(weights, part) * _share(part, parts)).backward()


def _stepping(weights, loss_of, parts):
    gradient_in_parts(weights, loss_of, parts)
    weights.data -= weights.grad.data


OLD_GRADIENT = (
    "The gradient that was there before is still in the sum. Clear once, first."
)
WRONG_SUMS = (
    Mistake(
        _scaled(lambda part, parts: 1 / len(parts)),
        "You divide by the number of parts. A mean of means is the mean only when all "
        "parts are of one size: weigh each by its share of the points.",
    ),
    Mistake(
        _scaled(lambda part, parts: 1),
        "The losses are added whole: the gradient is too large, about as many times as "
        "there are parts. Each part counts by its share of the points.",
    ),
    Mistake(
        _scaled(lambda part, parts: len(part)),
        "You have the gradient of the sum over all points. For the mean, divide by "
        "their number.",
    ),
    Mistake(
        _scaled(lambda part, parts: 1 / len(part)),
        "loss_of is a mean already, over its part. Multiply by the part's share of "
        "all points, its length over the total.",
    ),
    Mistake(
        _scaled(lambda part, parts: _share(part, parts) / len(parts)),
        "Each part is weighed by its share, and then divided by the number of parts "
        "as well. The shares alone add up to 1.",
    ),
    Mistake(_scaled(_share, clear=False), OLD_GRADIENT),
    Mistake(
        _scaled(lambda part, parts: 1 / len(parts), clear=False),
        OLD_GRADIENT,
    ),
    Mistake(
        _overwriting,
        "You clear before every part, and so only the last part is left. Clear once, "
        "before all of them.",
    ),
    Mistake(
        _clearing_after,
        "The sum was there, and your last line cleared it: step() would find None.",
    ),
    Mistake(
        _last_part_left_out,
        "The last, smaller part is missing from the sum.",
    ),
    Mistake(
        _stepping,
        "The gradient is right, and the weights have moved. Leave the step to step().",
    ),
)


def _mean_square(weights, part):
    return ((tensor(part) * weights).sum(1) - 1.0).square().mean()


def _sizes():
    """Parts of 4, 4 and 1 points, and of 2 and 3; the weights have an old gradient."""
    return [((4, 4, 1),), ((2, 3),)]


def _gradient(answer, sizes):
    """The gradient that an answer leaves, and the weights."""
    points = torch.arange(2.0 * sum(sizes), dtype=torch.float64).view(-1, 2).sin()
    weights = tensor(torch.tensor([0.5, -1.0], dtype=torch.float64), True)
    (weights * 3.0).sum().backward()
    answer(weights, _mean_square, points.split(list(sizes)))
    gradient = weights.grad
    return {
        "gradient": None if gradient is None else gradient.tolist(),
        "weights": weights.tolist(),
    }


EXERCISE = Exercise(
    number="4.4",
    title="Parts of unequal size",
    solution=gradient_in_parts,
    cases=_sizes,
    probe=_gradient,
    mistakes=WRONG_SUMS,
    compared_with="one backward over all points, for two ways to cut them",
)
