"""Exercise 4.3: momentum's step without a buffer, from the last two places.

With this module one can: check an answer to it (`EXERCISE`).
"""

from helpers.exercises.model import Exercise, Mistake


def next_place(now, before, lr, curvature, momentum):
    """Give the next place in the bowl a·θ²/2 from the two places before it."""
    return now + momentum * (now - before) - lr * curvature * now


def _momentum_of_one(now, before, lr, curvature, momentum):
    return (2 - lr * curvature) * now - before


def _no_momentum(now, before, lr, curvature, momentum):
    return (1 - lr * curvature) * now


def _before_whole(now, before, lr, curvature, momentum):
    return (1 + momentum - lr * curvature) * now - before


def _now_whole(now, before, lr, curvature, momentum):
    return (2 - lr * curvature) * now - momentum * before


def _force_at_before(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - lr * curvature * before


def _backwards(now, before, lr, curvature, momentum):
    return now - momentum * (now - before) - lr * curvature * now


def _uphill(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) + lr * curvature * now


def _dampened(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - (1 - momentum) * lr * curvature * now


def _rate_on_both(now, before, lr, curvature, momentum):
    return now + lr * momentum * (now - before) - lr * curvature * now


def _look_ahead(now, before, lr, curvature, momentum):
    ahead = now + momentum * (now - before)
    return ahead - lr * curvature * ahead


def _without_curvature(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - lr * now


def _halved(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - lr * curvature * now / 2


WRONG_PLACES = (
    Mistake(
        _momentum_of_one,
        "That is the swing of section 2, with momentum 1. With momentum μ only the "
        "share μ of the last movement, now - before, is made again.",
    ),
    Mistake(
        _no_momentum,
        "That is SGD without momentum. The buffer holds the last movement: it is "
        "(before - now) / lr, and μ times it comes on top.",
    ),
    Mistake(
        _before_whole,
        "Momentum stands at `now` and is missing at `before`: the last movement is "
        "now - before, and μ multiplies all of it.",
    ),
    Mistake(
        _now_whole,
        "Momentum stands at `before` and is missing at `now`: the last movement is "
        "now - before, and μ multiplies all of it.",
    ),
    Mistake(
        _force_at_before,
        "The movement is right, and the gradient is taken where the parameter was "
        "before. backward runs at the place of now.",
    ),
    Mistake(
        _backwards,
        "You take the last movement back. Momentum goes on in the same direction, from "
        "before to now and further.",
    ),
    Mistake(_uphill, "The sign of the gradient is wrong: a step goes against it."),
    Mistake(
        _dampened,
        "You scale the new gradient by (1 - μ). That is an average, or PyTorch's "
        "dampening; its default adds the gradient whole.",
    ),
    Mistake(
        _rate_on_both,
        "The movement now - before has the rate in it already. Do not multiply it "
        "with lr again.",
    ),
    Mistake(
        _look_ahead,
        "You take the gradient where momentum alone would lead. That is Nesterov's "
        "idea; here backward runs at now.",
    ),
    Mistake(
        _without_curvature,
        "The gradient of a·θ²/2 is a·θ: the curvature is missing.",
    ),
    Mistake(
        _halved,
        "The gradient of a·θ²/2 is a·θ: the 2 from the square has cancelled the half.",
    ),
)

EXERCISE = Exercise(
    number="4.3",
    title="Derive the swing",
    solution=next_place,
    cases=lambda: [
        (1.0, 1.5, 0.1, 2.0, 0.9),
        (-0.5, 2.0, 0.5, 1.0, 0.5),
        (3.0, 1.0, 0.02, 4.0, 1.0),
        (2.0, -1.0, 0.25, 3.0, 0.0),
    ],
    mistakes=WRONG_PLACES,
    compared_with="torch.optim.SGD with momentum in four bowls",
)
