"""Exercise 4.4: the gradient of a large batch from parts of unequal size."""

import torch

from helpers.autograd import tensor
from helpers.exercises.exercise import Exercise, Mistake


def gradient_in_parts(weights, loss_of, parts):
    """Leave in .grad the gradient of the mean loss over all points of all parts."""
    weights.grad = None
    total = sum(len(part) for part in parts)
    for part in parts:
        (loss_of(weights, part) * (len(part) / total)).backward()


def _scaled(scale=None, clear=True, taken=slice(None)):
    """A walk over some parts; `scale(part, parts)` is the factor of a part's loss."""
    scale = scale or _share

    def gradient_in_parts(weights, loss_of, parts):
        if clear:
            weights.grad = None
        for part in parts[taken]:
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


def _stepping(weights, loss_of, parts):
    gradient_in_parts(weights, loss_of, parts)
    weights.data -= weights.grad.data


def _all_at_once(scale):
    """One backward after the loop, through the graphs of all parts."""

    def gradient_in_parts(weights, loss_of, parts):
        weights.grad = None
        sum(loss_of(weights, part) * scale(part, parts) for part in parts).backward()

    return gradient_in_parts


def _last_walked(weights, loss_of, parts):
    weights.grad = None
    for part in parts:
        loss = loss_of(weights, part) * _share(part, parts)
    loss.backward()


def _never_walked(weights, loss_of, parts):
    weights.grad = None
    for part in parts:
        loss_of(weights, part) * _share(part, parts)


def _running_share(weights, loss_of, parts):
    weights.grad, total = None, 0
    for part in parts:
        total += len(part)
        (loss_of(weights, part) * (len(part) / total)).backward()


AT_ONCE = (
    "All points stand in graphs at once, and that does not fit. Give loss_of one part "
    "at a time and call backward for it, inside the loop."
)
OLD_GRADIENT = (
    "The gradient that was there before is still in the sum. Clear once, first."
)
FAULTS = (
    ({"clear": False}, OLD_GRADIENT),
    ({"taken": slice(-1)}, "The last part is missing."),
    ({"taken": slice(1, None)}, "The first part is missing."),
    ({"scale": lambda part, parts: 1}, "The losses are added whole."),
    ({"scale": lambda part, parts: 1 / len(parts)}, "You divide by the parts' number."),
    ({"scale": lambda part, parts: len(part)}, "You do not divide by all points."),
)
WRONG_SUMS = (
    Mistake(
        _all_at_once(_share),
        "The gradient is right. " + AT_ONCE,
    ),
    Mistake(_all_at_once(lambda part, parts: 1), AT_ONCE),
    Mistake(_all_at_once(lambda part, parts: 1 / len(parts)), AT_ONCE),
    Mistake(_all_at_once(lambda part, parts: len(part)), AT_ONCE),
    Mistake(
        _last_walked,
        "backward stands after the loop, where `loss` is the last part's: the others "
        "are never walked. Move it into the loop.",
    ),
    Mistake(
        _never_walked,
        "The losses are computed, and nothing calls backward: .grad stays empty.",
    ),
    Mistake(
        _running_share,
        "You divide by the points seen so far. The share of a part is its length over "
        "the total of all parts: count first, then walk.",
    ),
    Mistake(
        _scaled(lambda part, parts: len(part) / len(parts)),
        "You divide by the number of parts where the number of points belongs.",
    ),
    Mistake(
        _scaled(lambda part, parts: _share(part, parts) / len(part)),
        "You divide by the number of points, and loss_of has divided by the part's "
        "length already: multiply by len(part) first.",
    ),
    Mistake(
        _scaled(lambda part, parts: 1 / _share(part, parts)),
        "The share is upside down: len(part) over the total, so that all of them add "
        "up to 1.",
    ),
    Mistake(
        _scaled(lambda part, parts: _share(part, parts) / part.shape[1]),
        "Count points, which are rows. numel() counts every number in them.",
    ),
    Mistake(
        _scaled(lambda part, parts: len(part) / len(parts[0])),
        "You divide by the length of the first part. A share is a part of all points.",
    ),
    Mistake(
        _scaled(lambda part, parts: len(part) / (len(parts) * len(parts[0]))),
        "You take all parts to be as long as the first. Add up their lengths.",
    ),
    Mistake(_scaled(lambda part, parts: 1, clear=False), OLD_GRADIENT),
    Mistake(_scaled(lambda part, parts: len(part), clear=False), OLD_GRADIENT),
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
        _scaled(taken=slice(-1)),
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
    """The gradient that an answer leaves, the weights, and the points in graphs."""
    points = torch.arange(2.0 * sum(sizes), dtype=torch.float64).view(-1, 2).sin()
    weights = tensor(torch.tensor([0.5, -1.0], dtype=torch.float64), True)
    (weights * 3.0).sum().backward()
    waiting, most = [], [0]  # lengths of the parts whose loss has not been walked

    def loss_of(weights, part):
        loss = _mean_square(weights, part)
        waiting.append(len(part))
        most.append(sum(waiting))
        loss.register_hook(lambda gradient: waiting.remove(len(part)))
        return loss

    answer(weights, loss_of, points.split(list(sizes)))
    gradient = weights.grad
    return {
        "gradient": None if gradient is None else gradient.tolist(),
        "weights": weights.tolist(),
        "points in graphs at once": max(most),
    }


EXERCISE = Exercise(
    number="4.4",
    title="Parts of unequal size",
    solution=gradient_in_parts,
    cases=_sizes,
    probe=_gradient,
    mistakes=WRONG_SUMS,
    build=_scaled,
    faults=FAULTS,
    compared_with="one backward over all points, for two ways to cut them",
)
