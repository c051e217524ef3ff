"""Exercise 5.2: an update that reaches everyone who holds the parameter."""

import torch

from helpers.autograd import tensor
from helpers.exercises.exercise import Exercise, Mistake


def step(parameters, lr):
    """Move each parameter that has a gradient against it, in place."""
    for p in parameters:
        if p.grad is not None:
            p.data -= lr * p.grad.data


def _as_given(parameters, lr):
    for p in parameters:
        p = p.data - lr * p.grad.data


def _for_each(move, asked=lambda p: p.grad is not None):
    """A step that does `move(p, lr)` where there is a gradient, or where `asked(p)`."""

    def step(parameters, lr):
        for p in parameters:
            if asked(p):
                move(p, lr)

    return step


def _unasked(move):
    """A step that does not ask whether there is a gradient."""
    return _for_each(move, lambda p: True)


def _in_place(p, lr):
    p.data -= lr * p.grad.data


def _rebound(p, lr):
    p = p.data - lr * p.grad.data


def _new_array(p, lr):
    p.data = p.data - lr * p.grad.data


def _uphill(p, lr):
    p.data += lr * p.grad.data


def _without_rate(p, lr):
    p.data -= p.grad.data


def _gradient_scaled(p, lr):
    p.data -= p.grad.data.mul_(lr)


def _gradient_turned(p, lr):
    p.grad *= -lr
    p.data += p.grad.data


def _cleared_too(p, lr):
    p.data -= lr * p.grad.data
    p.grad = None


def _frozen(p, lr):
    p.requires_grad_(False)
    p.data -= lr * p.grad.data


def _recorded(p, lr):
    p -= lr * p.grad


def _into_the_list(parameters, lr):
    for place, p in enumerate(parameters):
        if p.grad is not None:
            parameters[place] = p - lr * p.grad


def _zeros_for_none(parameters, lr):
    for p in parameters:
        if p.grad is None:
            p.grad = torch.zeros(p.shape) if torch.is_tensor(p) else p * 0.0
        p.data -= lr * p.grad.data


def _only_the_gradient(p, lr):
    p.data.copy_(-lr * p.grad.data)


def _until_the_first_without(parameters, lr):
    for p in parameters:
        if p.grad is None:
            return
        p.data -= lr * p.grad.data


def _only_the_first(parameters, lr):
    step(parameters[:1], lr)


def _only_the_last(parameters, lr):
    step(parameters[-1:], lr)


NONE_HAS_NO_DATA = (
    "A parameter that no loss has reached has None in .grad, and None has no .data. "
    "Ask first, and skip it."
)
NEW_ARRAY = (
    "The numbers are right, in a new array. Who holds the old one still sees the old "
    "numbers, and for a moment there are two. Write into it, under "
    "`with torch.no_grad():`, with `p -= ...`."
)
WRONG_STEPS = (
    Mistake(
        _for_each(_rebound),
        "The skipping is right, and nothing moves. `p = ...` gives the name p to "
        "another array, and the parameter never hears of it. Change it in place.",
    ),
    Mistake(_for_each(_new_array), NEW_ARRAY),
    Mistake(_unasked(_new_array), f"{NEW_ARRAY} And skip what has no gradient."),
    Mistake(_unasked(_uphill), f"You go uphill. {NONE_HAS_NO_DATA}"),
    Mistake(
        _unasked(_in_place),
        f"The update is in place now. {NONE_HAS_NO_DATA}",
    ),
    Mistake(
        _until_the_first_without,
        "A parameter without a gradient ends your loop, and those behind it stay. "
        "`continue` goes on to the next.",
    ),
    Mistake(_for_each(_uphill), "You go uphill: a step goes against the gradient."),
    Mistake(_for_each(_without_rate), "The gradient is not multiplied by lr."),
    *(
        Mistake(
            _for_each(move),
            "The parameters are right, and the gradients are scaled by lr too: mul_, "
            "or *=, writes into .grad. Who reads it after the step sees the wrong "
            "numbers.",
        )
        for move in (_gradient_scaled, _gradient_turned)
    ),
    Mistake(
        _for_each(_cleared_too),
        "The parameters are right, and you clear the gradients as well. That is the "
        "work of zero_grad: who accumulates or logs gradients wants them after step().",
    ),
    Mistake(
        _for_each(_frozen),
        "You switch requires_grad off to be allowed to write, and it stays off: there "
        "will be no second gradient. `with torch.no_grad():` does without.",
    ),
    Mistake(
        _for_each(_recorded),
        "`p -= ...` on a leaf is refused while autograd records: the update is no part "
        "of the model. Put it under `with torch.no_grad():`.",
    ),
    *(
        Mistake(
            _for_each(move, lambda p: p.grad),
            "`if p.grad:` asks whether a number is true, and a tensor with several has "
            "no answer. Ask `p.grad is not None`.",
        )
        for move in (_in_place, _new_array)
    ),
    Mistake(
        _into_the_list,
        "You put new tensors into the list. The parameters themselves stay, and the "
        "model holds these. Change their numbers in place.",
    ),
    Mistake(
        _zeros_for_none,
        "The numbers are right, and where there was no gradient there is one of zeros "
        "now. An optimizer with momentum would step on it: skip, and write nothing.",
    ),
    Mistake(
        _for_each(_only_the_gradient),
        "You put -lr times the gradient in the place of the parameter. Add it to what "
        "is there.",
    ),
    Mistake(_only_the_first, "Only the first parameter moves: walk through them all."),
    Mistake(_only_the_last, "Only the last parameter moves: walk through them all."),
)


def _parameters(make, without, size=2):
    """Three leaves of `size` numbers with gradients, except at the place `without`."""
    numbers = [[float(n), -1.0][:size] for n in (1, 2, 3)]
    leaves = [make(number, requires_grad=True) for number in numbers]
    for place, leaf in enumerate(leaves):
        if place != without:
            (leaf * leaf).sum().backward()
    return leaves


def _after(answer, kind, without, lr, size=2):
    """Where the numbers are, also for who held the arrays, and what else changed."""
    leaves = _parameters(tensor if kind == "ours" else torch.tensor, without, size)
    arrays, given = [leaf.data for leaf in leaves], list(leaves)
    answer(given, lr)
    gradients = [leaf.grad for leaf in leaves]
    return {
        "parameters": [leaf.tolist() for leaf in leaves],
        "arrays that were held": [array.tolist() for array in arrays],
        "gradients": [g if g is None else g.tolist() for g in gradients],
        "list": [p is leaf for p, leaf in zip(given, leaves, strict=False)],
        "still leaves": [leaf.is_leaf and leaf.requires_grad for leaf in leaves],
    }


EXERCISE = Exercise(
    number="5.2",
    title="A step that goes nowhere",
    solution=step,
    cases=lambda: [
        ("ours", None, 0.25),
        ("PyTorch", None, 0.5),
        ("ours", 1, 0.25),
        ("PyTorch", 1, 0.25),
        ("PyTorch", 2, 0.5, 1),
    ],
    probe=_after,
    mistakes=WRONG_STEPS,
    compared_with="torch.optim.SGD, on our tensors and on torch's",
    starting_point=_as_given,
)
