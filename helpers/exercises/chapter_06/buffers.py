"""Exercise 6.2: momentum for a list of parameters, a buffer for each.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch

from helpers.exercises.model import Exercise, Mistake


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


def _variant(first=torch.clone, mix=None, along=None, sign=-1, keep=True):
    """The step with its first buffer, its sum, or its direction put wrong."""
    mix = mix or (lambda buffer, grad, lr, momentum: momentum * buffer + grad)
    along = along or (lambda buffer, grad, lr, momentum: lr * buffer)

    def momentum_step(parameters, buffers, lr, momentum):
        for p in parameters:
            if p.grad is None:
                continue
            before = buffers.get(p)
            if before is None:
                buffer = first(p.grad)
            else:
                buffer = before.copy_(mix(before, p.grad, lr, momentum))
            if keep:
                buffers[p] = buffer
            p.data += sign * along(buffer, p.grad, lr, momentum)

    return momentum_step


def _aliased_once(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            new = p.grad
            buffers[p] = momentum * buffers[p] + new if p in buffers else new
            p.data -= lr * buffers[p]


def _rate_inside(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + lr * p.grad
            p.data -= buffers[p]


def _dampened_from_zero(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + (1 - momentum) * p.grad
            p.data -= lr * buffers[p]


def _one_for_all(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            buffers[0] = momentum * buffers.get(0, 0.0) + p.grad
            p.data -= lr * buffers[0]


def _blind_to_none(parameters, buffers, lr, momentum):
    for p in parameters:
        buffers[p] = momentum * buffers.get(p, 0.0) + p.grad
        p.data -= lr * buffers[p]


def _none_as_zero(parameters, buffers, lr, momentum):
    for p in parameters:
        grad = torch.zeros_like(p) if p.grad is None else p.grad
        buffers[p] = momentum * buffers.get(p, 0.0) + grad
        p.data -= lr * buffers[p]


def _until_none(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is None:
            return
        momentum_step([p], buffers, lr, momentum)


def _rebound(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + p.grad
            p = p - lr * buffers[p]


def _rate_twice(parameters, buffers, lr, momentum):
    for p in parameters:
        if p.grad is not None:
            buffers[p] = momentum * buffers.get(p, 0.0) + lr * p.grad
            p.data -= lr * buffers[p]


ALIASED = (
    "Your buffer is the gradient's own array. The next gradient is written into that "
    "array, and the memory is gone: start the buffer with a clone()."
)
WRONG_STEPS = (
    Mistake(_variant(first=lambda grad: grad), ALIASED),
    Mistake(_aliased_once, ALIASED),
    Mistake(
        _rate_inside,
        "Your buffer has the rate in it. While lr stays the same nothing shows; here "
        "it changes, and PyTorch multiplies the whole buffer by today's rate.",
    ),
    Mistake(
        _rate_twice,
        "The rate is in your buffer, and the step multiplies by it again.",
    ),
    Mistake(
        _dampened_from_zero,
        "You scale each gradient by (1 - momentum). That is a running mean. PyTorch "
        "adds the gradient whole, unless dampening is asked for.",
    ),
    Mistake(
        _variant(mix=lambda b, g, lr, m: m * b + (1 - m) * g),
        "You scale each gradient but the first by (1 - momentum). That is dampening "
        "equal to momentum; its default is 0.",
    ),
    Mistake(
        _variant(mix=lambda b, g, lr, m: m * (b + g)),
        "The new gradient fades too. In μ·b + g momentum multiplies the old buffer "
        "only.",
    ),
    Mistake(
        _variant(mix=lambda b, g, lr, m: b + m * g),
        "Momentum stands at the gradient, and your buffer never fades. It multiplies "
        "the old buffer.",
    ),
    Mistake(
        _variant(mix=lambda b, g, lr, m: b + g),
        "Your buffer never fades: multiply the old one by momentum first.",
    ),
    Mistake(
        _variant(keep=False),
        "Your buffer is forgotten after each step, which leaves plain SGD. Put it into "
        "the dict: buffers[p] = ...",
    ),
    Mistake(
        _variant(along=lambda b, g, lr, m: lr * (g + m * b)),
        "You step along g + μ·b with the new buffer. That is Nesterov; the heavy ball "
        "steps along the buffer.",
    ),
    Mistake(
        _variant(along=lambda b, g, lr, m: lr * (g + b)),
        "You step along the gradient and the buffer. The buffer holds the gradient "
        "already.",
    ),
    Mistake(
        _variant(along=lambda b, g, lr, m: b),
        "The rate is missing: the step is lr times the buffer.",
    ),
    Mistake(
        _variant(sign=1),
        "Your parameters climb: a step goes against the buffer.",
    ),
    Mistake(
        _one_for_all,
        "All your parameters share one buffer. Each needs its own: use p as the key.",
    ),
    Mistake(
        _blind_to_none,
        "You compute with a .grad that is None. Such a parameter is skipped.",
    ),
    Mistake(
        _none_as_zero,
        "A parameter without a gradient has moved on by its buffer. None is skipped, "
        "buffer and all; only a gradient of zero lets the buffer act.",
    ),
    Mistake(
        _until_none,
        "You stop at the first parameter without a gradient. Skip it with continue, "
        "and go on to the next.",
    ),
    Mistake(
        _rebound,
        "Your parameters did not move: `p = p - ...` gives the name p to a new tensor. "
        "Change the parameter in place.",
    ),
)

RATES = (0.1, 0.1, 0.05, 0.2)
GRADIENTS = (
    ([1.0, -2.0], None, [3.0]),
    ([0.5, 4.0], [2.0, 1.0], [-1.0]),
    ([-3.0, 1.0], None, [0.25]),
    ([0.0, 0.0], [-1.0, 5.0], [2.0]),
)


def _write(p, gradient):
    """Give `p` a gradient, into the array of the one before if there is one."""
    if gradient is None:
        p.grad = None
    elif p.grad is None:
        p.grad = torch.tensor(gradient).double()
    else:
        p.grad.copy_(torch.tensor(gradient))


def _walk(answer, momentum):
    """The parameters after each of four steps, at rates that change."""
    mine = [torch.ones(n, dtype=torch.float64) for n in (2, 2, 1)]
    buffers, path = {}, []
    for lr, gradients in zip(RATES, GRADIENTS, strict=True):
        for p, gradient in zip(mine, gradients, strict=True):
            _write(p, gradient)
        answer(list(mine), buffers, lr, momentum)
        path.append([p.tolist() for p in mine])
    return path


EXERCISE = Exercise(
    number="6.2",
    title="A buffer for each",
    solution=momentum_step,
    cases=lambda: [(0.5,), (0.9,)],
    probe=_walk,
    mistakes=WRONG_STEPS,
    compared_with="torch.optim.SGD over four steps, with rates that change",
)
