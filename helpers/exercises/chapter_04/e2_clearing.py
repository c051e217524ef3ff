"""Exercise 4.2: zero_grad in both its forms."""

import torch

from helpers.autograd import tensor
from helpers.exercises.exercise import Exercise, Mistake


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


def _zeros_first(parameters, set_to_none):
    for p in parameters:
        if p.grad is not None:
            p.grad.detach_()
            p.grad.zero_()
            p.grad = None if set_to_none else p.grad


def _only_detached(p):
    p.grad.detach_()


def _only_the_name(parameters, set_to_none):
    for p in parameters:
        gradient = p.grad
        if gradient is None:
            continue
        if set_to_none:
            gradient = None
        else:
            gradient.detach_()
            gradient.zero_()


def _until_the_first_without(parameters, set_to_none):
    for p in parameters:
        if p.grad is None:
            return
        clear([p], set_to_none)


def _nothing(parameters, set_to_none):
    for p in parameters:
        gradient = p.grad
        del gradient


def _parameters(parameters, set_to_none):
    for p in parameters:
        p.data.zero_()


WRONG_CLEARINGS = (
    Mistake(
        _nothing,
        "Every gradient is as it was, also its history. Set p.grad to None, or write "
        "zeros into it.",
    ),
    Mistake(
        _until_the_first_without,
        "The first gradient is cleared, and one further on is not: the loop has to "
        "reach every parameter. In a loop, return leaves the function; continue goes "
        "on to the next.",
    ),
    Mistake(
        _only_the_name,
        "Zeros are right. For None, you gave None to a name of your own, and p.grad "
        "still holds the array: assign to p.grad itself.",
    ),
    Mistake(
        _in_place(lambda p: p.grad.zero_()),
        "The numbers are zero, and a gradient made with create_graph still has its "
        "history: cut it off in place, with detach_(), before zero_().",
    ),
    Mistake(
        _zeros_first,
        "With set_to_none=True you fill the array with zeros before you let go of it. "
        "Whoever kept it wants its numbers: only .grad becomes None.",
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
    """A leaf with a gradient, one without any, one whose gradient has a history."""
    plain, unused, recorded = (tensor([1.0, 2.0], True) for _ in range(3))
    (plain**2).sum().backward()
    (recorded**3).sum().backward(create_graph=True)
    return [plain, unused, recorded]


def _after(answer, set_to_none):
    """What is left in .grad, in an array that was kept, and in the parameters."""
    leaves = _leaves()
    kept = leaves[0].grad
    answer(leaves, set_to_none)
    return {
        "gradients": [_numbers(p.grad) for p in leaves],
        "has a history": leaves[2].grad is not None and leaves[2].grad.requires_grad,
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
