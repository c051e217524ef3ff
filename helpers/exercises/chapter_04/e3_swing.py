"""Exercise 4.3: momentum's step without a buffer, from the last two places."""

from helpers.exercises.exercise import Exercise, Mistake


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


def _rate_on_both_backwards(now, before, lr, curvature, momentum):
    return now - lr * (momentum * (now - before) + curvature * now)


def _fading_gradient(now, before, lr, curvature, momentum):
    return now + momentum * (now - before - lr * curvature * now)


def _both_signs(now, before, lr, curvature, momentum):
    return now - momentum * (now - before) + lr * curvature * now


def _whole_swing_fades(now, before, lr, curvature, momentum):
    return momentum * ((2 - lr * curvature) * now - before)


def _movement_only(now, before, lr, curvature, momentum):
    return momentum * (now - before) - lr * curvature * now


def _gradient_of_one(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - lr * curvature


def _without_rate(now, before, lr, curvature, momentum):
    return now + momentum * (now - before) - curvature * now


def _share_that_is_lost(now, before, lr, curvature, momentum):
    return now + (1 - momentum) * (now - before) - lr * curvature * now


def _place_as_buffer(now, before, lr, curvature, momentum):
    return now + momentum * before - lr * curvature * now


def _less_the_place(now, before, lr, curvature, momentum):
    return now - momentum * before - lr * curvature * now


def _from_before(now, before, lr, curvature, momentum):
    return before + momentum * (now - before) - lr * curvature * now


def _coasting(now, before, lr, curvature, momentum):
    return now + momentum * (now - before)


PLACE_FOR_BUFFER = (
    "You use the place `before` where the buffer belongs. The buffer holds a movement: "
    "-lr times it is now - before."
)
WRONG_PLACES = (
    Mistake(
        _rate_on_both_backwards,
        "You put now - before in the place of the buffer. The buffer is "
        "(before - now) / lr: it has the other sign, and the rate is divided out.",
    ),
    Mistake(
        _fading_gradient,
        "μ multiplies the new gradient too. In μ·b + g it multiplies the old buffer "
        "only.",
    ),
    Mistake(
        _both_signs,
        "Both signs are turned: the last movement goes on, and the gradient is "
        "subtracted.",
    ),
    Mistake(
        _whole_swing_fades,
        "You multiply the whole swing of section 2 by μ, the place with it. Only the "
        "last movement, now - before, fades.",
    ),
    Mistake(
        _movement_only,
        "That is the movement, not the place: it starts from now.",
    ),
    Mistake(
        _gradient_of_one,
        "The gradient of a·θ²/2 is a·θ, taken at now: the place is missing.",
    ),
    Mistake(_without_rate, "The new gradient is not multiplied with lr."),
    Mistake(
        _share_that_is_lost,
        "1 - μ is the share that is lost. What is made again is the share μ.",
    ),
    Mistake(_place_as_buffer, PLACE_FOR_BUFFER),
    Mistake(_less_the_place, PLACE_FOR_BUFFER),
    Mistake(
        _from_before,
        "You start from the place before. The parameter has moved on: it is at now.",
    ),
    Mistake(
        _coasting,
        "The last movement is right, and the new gradient is missing.",
    ),
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
