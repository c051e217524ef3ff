"""Exercise 6.2: momentum for a list of parameters, a buffer for each."""

import torch

from helpers.exercises.chapter_06.e2_buffers import parts as steps
from helpers.exercises.exercise import Exercise, Mistake, faulty

ALIASED = (
    "Your buffer is the gradient's own array. The next gradient is written into that "
    "array, and the memory is gone: start the buffer with a clone()."
)
FAULTS = (
    (
        {"first": lambda grad: grad},
        ALIASED,
    ),
    (
        {"mix": lambda m: (m, 1 - m)},
        "You scale each gradient but the first by (1 - momentum). That is dampening "
        "equal to momentum; its default is 0.",
    ),
    (
        {"mix": lambda m: (m, m)},
        "The new gradient fades too. In μ·b + g momentum multiplies the old buffer "
        "only.",
    ),
    (
        {"mix": lambda m: (1.0, m)},
        "Momentum stands at the gradient, and your buffer never fades. It multiplies "
        "the old buffer.",
    ),
    (
        {"mix": lambda m: (1.0, 1.0)},
        "Your buffer never fades: multiply the old one by momentum first.",
    ),
    (
        {"mix": lambda m: (m, 0.0)},
        "The first buffer fades, and later gradients never enter it. `add` makes a new "
        "tensor; `add_` writes into the buffer.",
    ),
    (
        {"mix": lambda m: (1.0, 0.0)},
        "The buffer stays what it was after the first step. `mul` makes a new tensor; "
        "`mul_` writes into the buffer.",
    ),
    (
        {"keep": False},
        "Your buffer is forgotten after each step, which leaves plain SGD. Put it into "
        "the dict: buffers[p] = ...",
    ),
    (
        {"along": lambda b, g, lr, m: lr * (g + m * b)},
        "You step along g + μ·b with the new buffer. That is Nesterov; the heavy ball "
        "steps along the buffer.",
    ),
    (
        {"along": lambda b, g, lr, m: lr * (g + b)},
        "You step along the gradient and the buffer. The buffer holds the gradient "
        "already.",
    ),
    (
        {"along": lambda b, g, lr, m: b},
        "The rate is missing: the step is lr times the buffer.",
    ),
    (
        {"sign": 1},
        "Your parameters climb: a step goes against the buffer.",
    ),
)
WRONG_STEPS = (
    *faulty(steps.variant, FAULTS),
    Mistake(steps.aliased_once, ALIASED),
    Mistake(
        steps.rate_inside,
        "Your buffer has the rate in it. While lr stays the same nothing shows; here "
        "it changes, and PyTorch multiplies the whole buffer by today's rate.",
    ),
    Mistake(
        steps.rate_twice,
        "The rate is in your buffer, and the step multiplies by it again.",
    ),
    Mistake(
        steps.dampened_from_zero,
        "You scale each gradient by (1 - momentum). That is a running mean. PyTorch "
        "adds the gradient whole, unless dampening is asked for.",
    ),
    Mistake(
        steps.first_twice,
        "The first gradient counts twice: it becomes the buffer, and is added to it in "
        "the same step. `else` keeps the two apart.",
    ),
    Mistake(
        steps.first_moves_nothing,
        "The first gradient fills the buffer and moves nothing. It is a step like the "
        "others.",
    ),
    Mistake(
        steps.into_the_gradient,
        "The parameters are right, and .grad is changed: you add the buffer to it in "
        "place. Who reads the gradients after the step sees other ones.",
    ),
    Mistake(
        steps.by_place,
        "Your buffers go by place among the parameters with a gradient. Once one is "
        "skipped, the others get the wrong buffer: take p itself as the key.",
    ),
    Mistake(
        steps.forgets,
        "A parameter that is skipped loses its buffer. Skip it with its buffer.",
    ),
    Mistake(
        steps.then(steps.no_gradient),
        "The parameters are right, and the gradients are cleared. That is the work of "
        "zero_grad.",
    ),
    Mistake(
        steps.then(lambda p: p.grad.zero_()),
        "The parameters are right, and the gradients are set to zero. That is the work "
        "of zero_grad.",
    ),
    Mistake(
        steps.one_for_all,
        "All your parameters share one buffer. Each needs its own: use p as the key.",
    ),
    Mistake(
        steps.blind_to_none,
        "You compute with a .grad that is None. Such a parameter is skipped.",
    ),
    Mistake(
        steps.none_as_zero,
        "A parameter without a gradient has moved on by its buffer. None is skipped, "
        "buffer and all; only a gradient of zero lets the buffer act.",
    ),
    Mistake(
        steps.until_none,
        "You stop at the first parameter without a gradient. Skip it with continue, "
        "and go on to the next.",
    ),
    Mistake(
        steps.rebound,
        "Your parameters did not move: `p = p - ...` gives the name p to a new tensor. "
        "Change the parameter in place.",
    ),
)

RATES = (0.1, 0.1, 0.05, 0.2)
GRADIENTS = (
    ([1.0, -2.0], None, [3.0, 1.5]),
    ([0.5, 4.0], [2.0, 1.0], [-1.0, 3.0]),
    ([-3.0, 1.0], None, [0.25, -2.0]),
    ([0.0, 0.0], [-1.0, 5.0], [2.0, 0.5]),
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
    """The parameters and gradients after each of four steps, at rates that change."""
    mine = [torch.ones(2, dtype=torch.float64) for _ in range(3)]
    buffers, path = {}, []
    for lr, gradients in zip(RATES, GRADIENTS, strict=True):
        for p, gradient in zip(mine, gradients, strict=True):
            _write(p, gradient)
        answer(list(mine), buffers, lr, momentum)
        read = [p.grad if p.grad is None else p.grad.tolist() for p in mine]
        path.append({"places": [p.tolist() for p in mine], "gradients": read})
    return path


EXERCISE = Exercise(
    number="6.2",
    title="A buffer for each",
    solution=steps.momentum_step,
    cases=lambda: [(0.5,), (0.9,)],
    probe=_walk,
    mistakes=WRONG_STEPS,
    build=steps.variant,
    faults=FAULTS,
    compared_with="torch.optim.SGD over four steps, with rates that change",
)
