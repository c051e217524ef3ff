"""Exercise 4.2: zero_grad in both its forms.

With this module one can: check an answer to it (`EXERCISE`).
"""

import torch

from helpers.autograd import tensor
from helpers.exercises.model import Exercise, Mistake


def clear(parameters, set_to_none):
    """Clear every gradient: let go of it, or fill it with zeros and cut its history."""
    for p in parameters:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            p.grad.detach_()
            p.grad.zero_()


def _in_place(fill):
    """A zero_grad whose zeros are made by `fill(p)`."""

    def clear(parameters, set_to_none):
        for p in parameters:
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                fill(p)

    return clear


def _new_zeros(p):
    p.grad = tensor(torch.zeros_like(p.data))


def _with_flag(choose):
    return lambda parameters, set_to_none: clear(parameters, choose(set_to_none))


def _without_asking(parameters, set_to_none):
    for p in parameters:
        if set_to_none:
            p.grad = None
        else:
            p.grad.detach_()
            p.grad.zero_()


def _zeros_for_all(parameters, set_to_none):
    for p in parameters:
        if set_to_none:
            p.grad = None
        elif p.grad is None:
            _new_zeros(p)
        else:
            p.grad.detach_()
            p.grad.zero_()


def _only_detached(p):
    p.grad.detach_()


def _parameters(parameters, set_to_none):
    for p in parameters:
        p.data.zero_()


WRONG_CLEARINGS = (
    Mistake(
        _in_place(lambda p: p.grad.zero_()),
        "The numbers are zero, and a gradient made with create_graph still has its "
        "history: cut it off in place, with detach_(), before zero_().",
    ),
    Mistake(
        _in_place(_new_zeros),
        "You give .grad a new array of zeros. Whoever kept the old one still sees the "
        "old numbers, and for a moment there are two arrays. Write into the old one: "
        "zero_().",
    ),
    Mistake(
        _in_place(_only_detached),
        "The history is gone and the numbers are still there: detach_() cuts, zero_() "
        "clears.",
    ),
    Mistake(
        _without_asking,
        "A parameter that no loss has reached has None in .grad, and None has no "
        "detach_(). Ask first.",
    ),
    Mistake(
        _zeros_for_all,
        "A parameter without a gradient got zeros. Then step() no longer skips it: "
        "leave None as it is.",
    ),
    Mistake(
        _with_flag(lambda to_none: True),
        "You always set None. With set_to_none=False the array stays, filled with "
        "zeros.",
    ),
    Mistake(
        _with_flag(lambda to_none: False),
        "You always write zeros. With set_to_none=True the gradient becomes None.",
    ),
    Mistake(
        _with_flag(lambda to_none: not to_none),
        "The two ways are right and exchanged: set_to_none=True leaves None.",
    ),
    Mistake(
        _parameters,
        "You cleared the parameters: the model has forgotten what it learned. Only "
        ".grad is to be cleared.",
    ),
)


def _leaves():
    """A leaf with a gradient, one whose gradient has a history, one without any."""
    plain, recorded, unused = (tensor([1.0, 2.0], True) for _ in range(3))
    (plain**2).sum().backward()
    (recorded**3).sum().backward(create_graph=True)
    return [plain, recorded, unused]


def _after(answer, set_to_none):
    """What is left in .grad, in an array that was kept, and in the parameters."""
    leaves = _leaves()
    kept = leaves[0].grad
    answer(leaves, set_to_none)
    return {
        "gradients": [_numbers(p.grad) for p in leaves],
        "has a history": leaves[1].grad is not None and leaves[1].grad.requires_grad,
        "kept array": kept.tolist(),
        "parameters": [p.data.tolist() for p in leaves],
    }


def _numbers(gradient):
    return None if gradient is None else gradient.tolist()


EXERCISE = Exercise(
    number="4.2",
    title="Both ways to clear",
    solution=clear,
    cases=lambda: [(True,), (False,)],
    probe=_after,
    mistakes=WRONG_CLEARINGS,
    compared_with="Optimizer.zero_grad, for a gradient with a history too",
)
