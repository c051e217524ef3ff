"""Exercise 6.2's answers as code: the right step, and the wrong ones."""

import torch


def momentum_step(parameters, buffers, lr, momentum):
    """Step every parameter that has a gradient along its own buffer."""
    for p in parameters:
        if p.grad is None:
            continue
        if p not in buffers:
            buffers[p] = p.grad.clone()
        else:
            buffers[p].mul_(momentum).add_(p.grad)
        p.data.add_(buffers[p], alpha=-lr)


def variant(first=torch.clone, mix=None, along=None, sign=-1, keep=True):
    """The step with its first buffer, its sum, or its direction put wrong."""
    mix = mix or (lambda momentum: (momentum, 1.0))
    along = along or (lambda buffer, grad, lr, momentum: lr * buffer)

    def momentum_step(parameters, buffers, lr, momentum):
        for p in parameters:
            if p.grad is None:
                continue
            before = buffers.get(p)
            if before is None:
                buffer = first(p.grad)
            else:
                fade, share = mix(momentum)
                buffer = before.mul_(fade).add_(p.grad, alpha=share)
            if keep:
                buffers[p] = buffer
            p.data += sign * along(buffer, p.grad, lr, momentum)

    return momentum_step


def aliased_once(parameters, buffers, lr, momentum):
    """The first buffer is .grad, later ones are new arrays."""
    for p in parameters:
        if p.grad is not None:
            new = p.grad
            buffers[p] = momentum * buffers[p] + new if p in buffers else new
            p.data -= lr * buffers[p]


def rate_inside(parameters, buffers, lr, momentum):
    """The rate inside the buffer."""
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + lr * p.grad
            p.data -= buffers[p]


def dampened_from_zero(parameters, buffers, lr, momentum):
    """A running mean from zero."""
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + (1 - momentum) * p.grad
            p.data -= lr * buffers[p]


def one_for_all(parameters, buffers, lr, momentum):
    """One buffer for all parameters."""
    for p in parameters:
        if p.grad is not None:
            buffers[0] = momentum * buffers.get(0, 0.0) + p.grad
            p.data -= lr * buffers[0]


def blind_to_none(parameters, buffers, lr, momentum):
    """None is not asked for."""
    for p in parameters:
        buffers[p] = momentum * buffers.get(p, 0.0) + p.grad
        p.data -= lr * buffers[p]


def none_as_zero(parameters, buffers, lr, momentum):
    """None is taken for zero."""
    for p in parameters:
        grad = torch.zeros_like(p) if p.grad is None else p.grad
        buffers[p] = momentum * buffers.get(p, 0.0) + grad
        p.data -= lr * buffers[p]


def until_none(parameters, buffers, lr, momentum):
    """The first None ends the step."""
    for p in parameters:
        if p.grad is None:
            return
        momentum_step([p], buffers, lr, momentum)


def rebound(parameters, buffers, lr, momentum):
    """p becomes the name of a new tensor."""
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + p.grad
            p = p - lr * buffers[p]


def forgets(parameters, buffers, lr, momentum):
    """A skipped parameter loses its buffer."""
    for p in parameters:
        if p.grad is None:
            buffers.pop(p, None)
    momentum_step(parameters, buffers, lr, momentum)


def by_place(parameters, buffers, lr, momentum):
    """Buffers by place among the parameters with a gradient."""
    for place, p in enumerate(p for p in parameters if p.grad is not None):
        buffers[place] = momentum * buffers.get(place, 0.0) + p.grad
        p.data -= lr * buffers[place]


def then(change):
    """The right step, and then `change(p)` for each parameter with a gradient."""

    def step(parameters, buffers, lr, momentum):
        momentum_step(parameters, buffers, lr, momentum)
        for p in parameters:
            if p.grad is not None:
                change(p)

    return step


def no_gradient(p):
    """Clear the gradient."""
    p.grad = None


def rate_twice(parameters, buffers, lr, momentum):
    """The rate in the buffer and in the step."""
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + lr * p.grad
            p.data -= lr * buffers[p]


def first_twice(parameters, buffers, lr, momentum):
    """The first gradient fills the buffer, and is added to it as well."""
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, p.grad) + p.grad
            p.data -= lr * buffers[p]


def first_moves_nothing(parameters, buffers, lr, momentum):
    """The first gradient fills the buffer, and that is all."""
    for p in parameters:
        if p.grad is not None and p not in buffers:
            buffers[p] = p.grad.clone()
        elif p.grad is not None:
            momentum_step([p], buffers, lr, momentum)


def into_the_gradient(parameters, buffers, lr, momentum):
    """The buffer is added to .grad, in place."""
    for p in parameters:
        if p.grad is not None:
            p.grad += momentum * buffers.get(p, 0.0)
            buffers[p] = p.grad.clone()
            p.data -= lr * buffers[p]
