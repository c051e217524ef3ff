"""Exercise 6.4's wrong answers as code: the parts of a step, right and wrong."""

from types import SimpleNamespace


def sign(at):
    """maximize turns the gradient, before anything else."""
    if at.maximize:
        at.grad = -at.grad


def decay(at):
    """weight_decay times the parameters joins the gradient."""
    if at.weight_decay:
        at.grad = at.grad + at.weight_decay * at.p


def momentum(at):
    """The buffer, and the direction of the step."""
    if at.momentum:
        first = at.buffer is None
        share = 1 - at.dampening
        at.buffer = (
            at.grad.clone() if first else at.momentum * at.buffer + share * at.grad
        )
        ahead = at.grad + at.momentum * at.buffer
        at.grad = ahead if at.nesterov else at.buffer


def move(at):
    """The step, against the gradient."""
    at.p -= at.lr * at.grad


def steps(*parts):
    """A step of these parts, in this order."""

    def sgd_step(p, grad, buffer, group):
        at = SimpleNamespace(p=p, grad=grad, buffer=buffer, **group)
        for part in parts:
            part(at)
        return at.buffer

    return sgd_step


def buffer_by(mix, first=lambda at: at.grad.clone()):
    """The part of momentum, with another first buffer or another sum."""

    def part(at):
        if at.momentum:
            at.buffer = first(at) if at.buffer is None else mix(at)
            ahead = at.grad + at.momentum * at.buffer
            at.grad = ahead if at.nesterov else at.buffer

    return part


def sum_of(at):
    """The new buffer, as a new tensor."""
    return at.momentum * at.buffer + (1 - at.dampening) * at.grad


def sum_in_place(at):
    """The new buffer, in the old array."""
    return at.buffer.mul_(at.momentum).add_(at.grad, alpha=1 - at.dampening)


def ahead_by(direction):
    """The part of momentum, with another direction for Nesterov."""

    def part(at):
        if at.momentum:
            old, grad, at.look_ahead = at.buffer, at.grad, at.nesterov
            at.nesterov = False
            momentum(at)
            at.nesterov = at.look_ahead
            if at.nesterov:
                at.grad = direction(at, grad, old)

    return part


def old_buffer(at, grad, old):
    """Nesterov's direction with the buffer of before."""
    return grad + at.momentum * (0.0 if old is None else old)


def rate_inside(at):
    """The rate inside the buffer."""
    if at.momentum:
        first = at.buffer is None
        step = at.lr * at.grad
        share = 1 - at.dampening
        at.buffer = step if first else at.momentum * at.buffer + share * step
        ahead = step + at.momentum * at.buffer
        at.grad = (ahead if at.nesterov else at.buffer) / at.lr


def decay_in_place(at):
    """The decay is written into .grad."""
    if at.weight_decay:
        at.grad += at.weight_decay * at.p


def sign_in_place(at):
    """The sign is turned in .grad."""
    if at.maximize:
        at.grad.neg_()


def always_up(at):
    """A step along the gradient."""
    at.p += at.lr * at.grad


def stays(at):
    """p becomes the name of a new tensor."""
    at.p = at.p - at.lr * at.grad


def parameters_for_buffer(at):
    """The parameters are returned."""
    at.buffer = at.p


def look_ahead_kept(at):
    """The look-ahead direction is returned as the buffer."""
    if at.momentum and at.nesterov:
        at.buffer = at.grad


def forgotten(at):
    """No buffer is returned."""
    at.buffer = None
