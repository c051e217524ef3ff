"""The known wrong answers to exercise 6.6, each the right step with one fault.

With this module one can: look them up (`WRONG_STEPS`).
"""

from types import SimpleNamespace

from helpers.exercises.model import Mistake


def _sign(at):
    """maximize turns the gradient, before anything else."""
    if at.maximize:
        at.grad = -at.grad


def _decay(at):
    if at.weight_decay:
        at.grad = at.grad + at.weight_decay * at.p


def _momentum(at):
    if at.momentum:
        first = at.buffer is None
        share = 1 - at.dampening
        at.buffer = (
            at.grad.clone() if first else at.momentum * at.buffer + share * at.grad
        )
        ahead = at.grad + at.momentum * at.buffer
        at.grad = ahead if at.nesterov else at.buffer


def _move(at):
    at.p -= at.lr * at.grad


def _steps(*parts):
    """A step of these parts, in this order."""

    def sgd_step(p, grad, buffer, group):
        at = SimpleNamespace(p=p, grad=grad, buffer=buffer, **group)
        for part in parts:
            part(at)
        return at.buffer

    return sgd_step


def _buffer_by(mix, first=lambda at: at.grad.clone()):
    """The part of momentum, with another first buffer or another sum."""

    def part(at):
        if at.momentum:
            at.buffer = first(at) if at.buffer is None else mix(at)
            ahead = at.grad + at.momentum * at.buffer
            at.grad = ahead if at.nesterov else at.buffer

    return part


def _sum(at):
    return at.momentum * at.buffer + (1 - at.dampening) * at.grad


def _sum_in_place(at):
    return at.buffer.mul_(at.momentum).add_(at.grad, alpha=1 - at.dampening)


def _ahead_by(direction):
    """The part of momentum, with another direction for Nesterov."""

    def part(at):
        if at.momentum:
            old, grad, at.look_ahead = at.buffer, at.grad, at.nesterov
            at.nesterov = False
            _momentum(at)
            at.nesterov = at.look_ahead
            if at.nesterov:
                at.grad = direction(at, grad, old)

    return part


def _old_buffer(at, grad, old):
    return grad + at.momentum * (0.0 if old is None else old)


def _rate_inside(at):
    if at.momentum:
        first = at.buffer is None
        step = at.lr * at.grad
        share = 1 - at.dampening
        at.buffer = step if first else at.momentum * at.buffer + share * step
        ahead = step + at.momentum * at.buffer
        at.grad = (ahead if at.nesterov else at.buffer) / at.lr


def _decay_in_place(at):
    if at.weight_decay:
        at.grad += at.weight_decay * at.p


def _sign_in_place(at):
    if at.maximize:
        at.grad.neg_()


def _always_up(at):
    at.p += at.lr * at.grad


def _forgotten(at):
    at.buffer = None


ALIASED = (
    "Your buffer shares the gradient's array, and the next gradient overwrites it. It "
    "shows where neither weight_decay nor maximize has made a new tensor: clone() the "
    "first gradient."
)
WRONG_STEPS = (
    Mistake(
        _steps(
            _sign,
            _decay,
            _buffer_by(_sum, first=lambda at: (1 - at.dampening) * at.grad),
            _move,
        ),
        "You dampen the first gradient too. PyTorch's first buffer is the gradient "
        "itself; dampening starts at the second step.",
    ),
    Mistake(
        _steps(_sign, _decay, _rate_inside, _move),
        "Your buffer has the rate in it. The rate changes here after the second step, "
        "and there you part from PyTorch: it multiplies the whole buffer by today's "
        "rate.",
    ),
    Mistake(
        _steps(_sign, _momentum, _decay, _move),
        "Your weight decay stays out of the buffer: you add it after momentum, or "
        "shrink the parameters beside the step: decoupled decay, as in AdamW. In "
        "PyTorch's SGD it is added to the gradient first, and goes into the buffer.",
    ),
    Mistake(
        _steps(_sign, _decay, _ahead_by(_old_buffer), _move),
        "Your Nesterov step is the heavy ball's. Either nesterov is not looked at, or "
        "the direction is g + μ·b with the old b, and that is the new b itself. Update "
        "the buffer first, then take g + μ·b.",
    ),
    Mistake(
        _steps(
            _sign, _decay, _ahead_by(lambda at, g, old: at.momentum * at.buffer), _move
        ),
        "Your Nesterov step is μ·b; the gradient itself is missing: g + μ·b.",
    ),
    Mistake(
        _steps(_sign, _decay, _ahead_by(lambda at, g, old: g + at.buffer), _move),
        "Your Nesterov step is g + b. The buffer fades once more there: g + μ·b.",
    ),
    Mistake(
        _steps(_decay, _sign, _momentum, _move),
        "With maximize you turn the weight decay as well: the sign comes after it, or "
        "at the whole step. Then the decay pushes away from zero. Turn the gradient, "
        "before all else.",
    ),
    Mistake(
        _steps(_decay, _momentum, _move),
        "maximize changes nothing in your step: it turns the sign of the gradient.",
    ),
    Mistake(
        _steps(_sign, _momentum, _move),
        "weight_decay changes nothing in your step: add weight_decay · p to the "
        "gradient.",
    ),
    Mistake(
        _steps(_sign, _decay, _buffer_by(_sum_in_place, lambda at: at.grad), _move),
        ALIASED,
    ),
    Mistake(
        _steps(_sign, _decay, _buffer_by(_sum, lambda at: at.grad), _move),
        ALIASED,
    ),
    Mistake(
        _steps(_sign, _decay_in_place, _momentum, _move),
        "The path is right, and you changed the gradient: `grad += ...` writes into "
        ".grad. Make a new tensor.",
    ),
    Mistake(
        _steps(_sign_in_place, _decay, _momentum, _move),
        "The path is right, and you turned the sign inside .grad itself. Make a new "
        "tensor.",
    ),
    Mistake(
        _steps(
            _sign,
            _decay,
            _buffer_by(lambda at: at.momentum * at.buffer + at.grad),
            _move,
        ),
        "dampening changes nothing in your step: from the second step on, 1 - d times "
        "the gradient goes into the buffer.",
    ),
    Mistake(
        _steps(
            _sign,
            _decay,
            _buffer_by(
                lambda at: (1 - at.dampening) * (at.momentum * at.buffer + at.grad)
            ),
            _move,
        ),
        "You dampen the old buffer too. 1 - d stands at the new gradient only.",
    ),
    Mistake(
        _steps(_sign, _decay, _momentum, _move, _forgotten),
        "You return no buffer, so each step is a first step. Return it.",
    ),
    Mistake(
        _steps(_sign, _decay, _momentum, _always_up),
        "Your step climbs, and with maximize it descends: the step goes against the "
        "gradient.",
    ),
)
