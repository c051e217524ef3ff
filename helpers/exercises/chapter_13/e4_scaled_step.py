"""Exercise 13.4: a step with gradients of a scaled loss, left out if one overflowed."""

import torch

from helpers.exercises.exercise import Exercise, Mistake, faulty


def scaled_step(parameters, scale, lr):
    """One SGD step on the unscaled gradients, or none; the next scale."""
    moving = [p for p in parameters if p.grad is not None]
    for p in moving:
        if not torch.isfinite(p.grad).all():
            return scale / 2
    with torch.no_grad():
        for p in moving:
            p -= lr * p.grad / scale
    return scale


def _is_finite(grad):
    return bool(torch.isfinite(grad).all())


def build(
    is_finite=_is_finite,
    seen=lambda grads: grads,
    whole=lambda grad, scale: grad / scale,
    sign=-1,
    smaller=lambda scale: scale / 2,
    larger=lambda scale: scale,
    leaves_out=True,
):
    """The solution with some of its parts exchanged."""

    def scaled_step(parameters, scale, lr):
        moving = [p for p in parameters if p.grad is not None]
        grads = seen([p.grad for p in moving])
        overflowed = not all(map(is_finite, grads))
        if overflowed and leaves_out:
            return smaller(scale)
        for p in moving:
            p.data += sign * lr * whole(p.grad, scale)
        return smaller(scale) if overflowed else larger(scale)

    return scaled_step


def _one_by_one(parameters, scale, lr):
    for p in parameters:
        if p.grad is None:
            continue
        if not _is_finite(p.grad):
            return scale / 2
        p.data -= lr * p.grad / scale
    return scale


def _only_the_finite(parameters, scale, lr):
    found = scale
    for p in parameters:
        if p.grad is None:
            continue
        if _is_finite(p.grad):
            p.data -= lr * p.grad / scale
        else:
            found = scale / 2
    return found


def _zeroed(parameters, scale, lr):
    finite = True
    for p in parameters:
        if p.grad is not None:
            finite = finite and _is_finite(p.grad)
            p.data -= lr * torch.nan_to_num(p.grad, 0.0, 0.0, 0.0) / scale
    return scale if finite else scale / 2


def _none_is_bad(parameters, scale, lr):
    if any(p.grad is None for p in parameters):
        return scale / 2
    return scaled_step(parameters, scale, lr)


def _blind_to_none(parameters, scale, lr):
    for p in parameters:
        if not torch.isfinite(p.grad).all():
            return scale / 2
    for p in parameters:
        p.data -= lr * p.grad / scale
    return scale


def _returns_nothing(parameters, scale, lr):
    scaled_step(parameters, scale, lr)


def _rebound(parameters, scale, lr):
    for p in parameters:
        if p.grad is not None and not _is_finite(p.grad):
            return scale / 2
    for p in parameters:
        if p.grad is not None:
            p = p - lr * p.grad / scale
    return scale


FAULTS = (
    (
        {"whole": lambda grad, scale: grad},
        "Your step is `scale` times too long: the gradients are those of the scaled "
        "loss. Divide by scale.",
    ),
    (
        {"whole": lambda grad, scale: grad * scale},
        "You multiply by scale once more. The gradients have it already: divide.",
    ),
    ({"sign": 1}, "Your step goes uphill."),
    (
        {"is_finite": lambda grad: not bool(torch.isnan(grad).any())},
        "You let infinities through: a scale that is too large makes inf first.",
    ),
    (
        {"is_finite": lambda grad: not bool(torch.isinf(grad).any())},
        "You let NaN through: inf - inf in a backward pass makes one.",
    ),
    (
        {"is_finite": lambda grad: bool(torch.isfinite(grad).any())},
        "You ask whether *any* number is finite. One that is not is enough.",
    ),
    (
        {"seen": lambda grads: grads[:1]},
        "You look at the first gradient only.",
    ),
    (
        {"smaller": lambda scale: scale},
        "You leave the step out and keep the scale: the next step overflows again.",
    ),
    (
        {"smaller": lambda scale: scale * 2},
        "After an overflow you double the scale. It was too large: halve it.",
    ),
    (
        {"larger": lambda scale: scale / 2},
        "You lower the scale after a good step as well.",
    ),
    (
        {"leaves_out": False},
        "You step although a gradient is not finite, and the parameter is lost.",
    ),
)
MISTAKES = (
    *faulty(build, FAULTS),
    Mistake(
        _one_by_one,
        "You moved some parameters before you met the gradient that is not finite. "
        "Look at all of them first.",
    ),
    Mistake(
        _only_the_finite,
        "You step with those gradients that are finite. One that is not spoils the "
        "whole step: move no parameter.",
    ),
    Mistake(
        _zeroed,
        "You take zero for what is not finite, and step. Leave the step out.",
    ),
    Mistake(
        _none_is_bad,
        "A gradient of None is no overflow: the parameter had no part in the loss.",
    ),
    Mistake(
        _blind_to_none,
        "A parameter may have no gradient: .grad is None there. Skip it.",
    ),
    Mistake(_returns_nothing, "The steps are right; return the next scale too."),
    Mistake(
        _rebound,
        "Your parameters did not move: `p = p - ...` gives the name p to a new tensor. "
        "Change the parameter in place.",
    ),
)

INF, NAN = float("inf"), float("nan")


def _stepped(answer, scale, lr, *gradients):
    """The next scale, and where the parameters are."""
    parameters = []
    for gradient in gradients:
        p = torch.ones(2, dtype=torch.float64).requires_grad_()
        p.grad = None if gradient is None else torch.tensor(gradient).double()
        parameters.append(p)
    found = answer(list(parameters), scale, lr)
    return {"scale": found, "parameters": [p.tolist() for p in parameters]}


EXERCISE = Exercise(
    number="13.4",
    title="A step that may be left out",
    solution=scaled_step,
    cases=lambda: [
        (8.0, 0.5, [4.0, -2.0], [1.0, 3.0]),
        (1024.0, 0.5, [4.0, 2.0], [INF, 3.0]),
        (64.0, 0.25, [NAN, NAN], [1.0, 2.0]),
        (64.0, 0.25, [1.0, 2.0], [2.0, NAN]),
        (16.0, 0.125, None, [3.0, 5.0], [2.0, -1.0]),
        (32.0, 0.5, [1.0, -INF], None),
    ],
    probe=_stepped,
    mistakes=MISTAKES,
    build=build,
    faults=FAULTS,
    compared_with="six steps, four of them with an overflow",
)
