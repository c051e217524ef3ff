"""Exercise 0.3: a step of plain SGD by hand."""

import torch

from helpers.exercises.exercise import Exercise, Mistake


def sgd_step(parameters, lr):
    """Subtract lr times the gradient from each parameter that has one, in place."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p.add_(p.grad, alpha=-lr)


@torch.no_grad()
def _sgd_step_upwards(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p += lr * p.grad


@torch.no_grad()
def _sgd_step_without_lr(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p -= p.grad


def _sgd_step_rebound(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p = p - lr * p.grad


def _sgd_step_that_clears(parameters, lr):
    sgd_step(parameters, lr)
    for p in parameters:
        p.grad = None


def _sgd_step_that_zeroes(parameters, lr):
    sgd_step(parameters, lr)
    for p in parameters:
        if p.grad is not None:
            p.grad.zero_()


@torch.no_grad()
def _sgd_step_blind_to_none(parameters, lr):
    for p in parameters:
        p -= lr * p.grad


@torch.no_grad()
def _sgd_step_blind_to_none_data(parameters, lr):
    for p in parameters:
        p.data -= lr * p.grad.data


@torch.no_grad()
def _sgd_step_until_none(parameters, lr):
    for p in parameters:
        if p.grad is None:
            return
        p -= lr * p.grad


def _sgd_step_with_zeros(parameters, lr):
    for p in parameters:
        p.grad = torch.zeros_like(p) if p.grad is None else p.grad
    sgd_step(parameters, lr)


def _sgd_step_recorded(parameters, lr):
    for p in parameters:
        if p.grad is not None:
            p -= lr * p.grad


MET_NONE = (
    "You compute with a .grad that is None. One parameter took no part in the loss and "
    "has no gradient; step() skips such a parameter."
)
CLEARED = (
    "The parameters are right, and you also cleared the gradients. step() leaves .grad "
    "as it is: clearing is zero_grad's work."
)
WRONG_STEPS = (
    Mistake(
        _sgd_step_upwards,
        "Your parameters climb: you add the gradient. It points to where the loss "
        "grows, so the step goes against it.",
    ),
    Mistake(
        _sgd_step_without_lr,
        "Your step is the whole gradient. It should be lr times the gradient.",
    ),
    Mistake(
        _sgd_step_rebound,
        "Your parameters did not move. `p = p - ...` makes a new tensor and gives it "
        "the name p; the parameter itself stays. Change it in place: `p -= ...`.",
    ),
    Mistake(_sgd_step_that_clears, CLEARED),
    Mistake(_sgd_step_that_zeroes, CLEARED),
    Mistake(
        _sgd_step_recorded,
        "The update is being recorded: a leaf that requires grad "
        "can't be changed in place while autograd watches. Put it under "
        "`with torch.no_grad():`.",
    ),
    Mistake(
        _sgd_step_until_none,
        "You stop at the first parameter without a gradient. step() skips it and goes "
        "on to the next.",
    ),
    Mistake(
        _sgd_step_with_zeros,
        "You gave the parameter without a gradient one of zeros. step() leaves None "
        "alone.",
    ),
    Mistake(_sgd_step_blind_to_none, MET_NONE),
    Mistake(_sgd_step_blind_to_none_data, MET_NONE),
)


def _parameter_lists():
    """Two parameters with gradients; then one without; each with a rate."""

    def parameter(values, gradient):
        p = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        p.grad = None if gradient is None else torch.tensor(gradient).double()
        return p

    first = parameter([1.0, -2.0], [0.5, 4.0])
    second = parameter([[3.0]], [[-1.0]])
    unused = parameter([7.0], None)
    return [([first, second], 0.1), ([unused, parameter([1.0], [2.0])], 0.25)]


def _after_step(answer, parameters, lr):
    """What a step leaves behind: the parameters and their gradients."""
    mine = list(parameters)  # the answer may put others into the list
    answer(parameters, lr)
    values = [p.detach().clone() for p in mine]
    gradients = [["none"] if p.grad is None else [p.grad.clone()] for p in mine]
    return {"parameters": values, "gradients": gradients}


EXERCISE = Exercise(
    number="0.3",
    title="Be the optimizer",
    solution=sgd_step,
    cases=_parameter_lists,
    probe=_after_step,
    may_change_inputs=True,
    mistakes=WRONG_STEPS,
    compared_with="torch.optim.SGD, with and without gradients",
)
