"""Exercise 5.3: the step of an optimizer that keeps state for each parameter."""

import torch

from helpers.exercises.chapter_05.e3_momentum import parts as classes
from helpers.exercises.exercise import Exercise, Mistake, faulty

FAULTS = (
    (
        {"skip": False},
        "You take None for a zero and step all the same: the buffer moves a parameter "
        "that no loss has reached. Skip it, and leave its buffer alone.",
    ),
    (
        {"mix": lambda m: (m, 1 - m)},
        "From the second step on you scale the gradient by (1 - momentum). That is "
        "PyTorch's dampening, which is 0 unless asked for.",
    ),
    (
        {"first": lambda gradient: gradient},
        "The first buffer is the array in .grad, not a copy. If the next gradient is "
        "written into that array, the buffer is overwritten. Keep a clone().",
    ),
    (
        {"mix": lambda m: (1.0, 1.0)},
        "The buffer never fades: momentum multiplies what was there before.",
    ),
    (
        {"mix": lambda m: (m, m)},
        "Momentum multiplies the new gradient too. It multiplies the old buffer only.",
    ),
    (
        {"mix": lambda m: (m, 0.0)},
        "The first buffer fades, and later gradients never enter it. `add` makes a new "
        "tensor; `add_` writes into the buffer.",
    ),
    (
        {"mix": lambda m: (1.0, 0.0)},
        "The buffer stays what it was after the first step. `mul` makes a new tensor, "
        "and `buffer + ...` too: write into the buffer with `mul_`, or keep the result "
        "in self.state.",
    ),
    (
        {"ahead": lambda g, b, m: g + m * b},
        "You look one step ahead: that is nesterov=True. Plain momentum steps along "
        "the buffer.",
    ),
    (
        {"sign": 1},
        "You go uphill: a step goes against the buffer.",
    ),
    (
        {"clears": True},
        "The parameters are right, and the gradients are cleared. That is the work of "
        "zero_grad.",
    ),
)
WRONG_CLASSES = (
    *faulty(classes.variant, FAULTS),
    Mistake(
        classes.walk(classes.no_memory),
        "There is no memory: that is SGD without momentum.",
    ),
    Mistake(
        classes.walk(classes.averaged),
        "You scale every gradient by (1 - momentum). That is an average; PyTorch adds "
        "the gradient whole.",
    ),
    Mistake(
        classes.walk(classes.rate_inside),
        "Your buffer has the rate inside. That agrees until lr changes: then the old "
        "part of the buffer keeps the old rate. PyTorch multiplies by lr outside.",
    ),
    Mistake(
        classes.walk(classes.one_for_all),
        "One buffer serves all parameters: each rolls on with the gradients of the "
        "others. Keep one for each, `self.state[p]`.",
    ),
    Mistake(
        classes.ByPlace,
        "Your buffers go by place among the parameters with a gradient. Once one is "
        "skipped, the others get the wrong buffer: take p itself as the key.",
    ),
    Mistake(
        classes.walk(classes.aliased_once),
        "The first buffer is the array in .grad itself. If the next gradient is "
        "written into that array, the buffer changes with it. Keep a clone().",
    ),
    Mistake(
        classes.walk(classes.into_the_gradient),
        "The parameters are right, and .grad is changed: you add the buffer to it in "
        "place. Who reads the gradients after the step sees other ones.",
    ),
    Mistake(
        classes.walk(classes.gradient_kept),
        "You keep the last gradient. The buffer is the whole sum: it remembers the "
        "steps before the last as well.",
    ),
    Mistake(
        classes.walk(classes.first_twice),
        "The first gradient counts twice: it becomes the buffer, and is added to it in "
        "the same step. `else` keeps the two apart.",
    ),
    Mistake(
        classes.walk(classes.nothing_moves),
        "Nothing moves. `p = ...` gives the name p to another tensor: write into p, "
        "with `p -= ...` under `with torch.no_grad():`.",
    ),
    Mistake(
        classes.walk(classes.first_step_missing),
        "The first gradient fills the buffer and moves nothing. It is a step like the "
        "others.",
    ),
    Mistake(
        classes.Forgets,
        "A parameter that is skipped loses its buffer. Skipping leaves the state as it "
        "is.",
    ),
    Mistake(
        classes.EndsAtNone,
        "A parameter without a gradient ends the whole step. `continue` goes on to the "
        "next.",
    ),
    Mistake(
        classes.NotAsked,
        "A parameter that no loss has reached has None in .grad. Ask first, and skip "
        "it.",
    ),
)

GRADIENTS = {  # for two parameters, step by step; None is no gradient
    "always": ((1.0, -2.0), (0.5, 4.0), (-1.0, 1.0), (2.0, 0.25)),
    "with gaps": ((1.0, -2.0), (None, 4.0), (3.0, None), (0.0, 1.0), (1.0, None)),
    "late": ((None, 1.0), (None, 0.5), (4.0, 0.0), (1.0, 1.0)),
}


def _path(answer, gradients, momentum, in_place):
    """Where two parameters are after each step; the rate is halved after the second."""
    pair = [torch.zeros(2, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    optimizer, path = answer(pair, 0.1, momentum), []
    for count, given in enumerate(GRADIENTS[gradients]):
        if count == 2:
            optimizer.lr = 0.05
        for p, number in zip(pair, given, strict=True):
            _put(p, number, in_place)
        optimizer.step()
        read = [p.grad if p.grad is None else p.grad.tolist() for p in pair]
        path.append({"places": [p.tolist() for p in pair], "gradients": read})
    return path


def _put(p, number, in_place):
    """Write a gradient as backward does: into the old array, if there is one."""
    new = None if number is None else torch.tensor([number, -number]).double()
    if in_place and new is not None and p.grad is not None:
        p.grad.copy_(new)
    else:
        p.grad = new


EXERCISE = Exercise(
    number="5.3",
    title="A buffer for each",
    solution=classes.Momentum,
    cases=lambda: [
        ("always", 0.9, False),
        ("with gaps", 0.5, False),
        ("late", 0.9, True),
        ("always", 0.5, True),
    ],
    probe=_path,
    mistakes=WRONG_CLASSES,
    build=classes.variant,
    faults=FAULTS,
    compared_with="torch.optim.SGD with momentum, gaps in the gradients and a rate "
    "that changes",
)
