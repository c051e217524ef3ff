"""Exercise 2.2: a descent that keeps its parameter."""

import warnings

import torch

from helpers.exercises.exercise import Exercise, Mistake


def descend(w, targets, lr, steps):
    """Move the leaf `w` toward `targets` by gradient descent, in place."""
    for _ in range(steps):
        w.grad = None
        _distance(w, targets).backward()
        with torch.no_grad():
            w -= lr * w.grad


def _distance(w, targets):
    return ((w - targets) ** 2).sum()


def _as_given(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        w = w - lr * w.grad


def _another_tensor(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        w = (w - lr * w.grad).detach().requires_grad_()


def _not_cleared(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        with torch.no_grad():
            w -= lr * w.grad


def _cleared_too_early(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        w.grad = None
        with torch.no_grad():
            w -= lr * w.grad


def _cleared_as_tensor(w, targets, lr, steps):
    for _ in range(steps):
        w.grad.zero_()
        _distance(w, targets).backward()
        with torch.no_grad():
            w -= lr * w.grad


def _zeroed_too_early(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        w.grad.zero_()
        with torch.no_grad():
            w -= lr * w.grad


def _one_loss(w, targets, lr, steps):
    distance = _distance(w, targets)
    for _ in range(steps):
        w.grad = None
        distance.backward(retain_graph=True)
        with torch.no_grad():
            w -= lr * w.grad


def _switched_off(w, targets, lr, steps):
    for _ in range(steps):
        w.grad = None
        _distance(w, targets).backward()
        w.requires_grad_(False)
        w -= lr * w.grad


def _recorded(w, targets, lr, steps):
    for _ in range(steps):
        w.grad = None
        _distance(w, targets).backward()
        w -= lr * w.grad


def _unrecorded(w, targets, lr, steps):
    with torch.no_grad():
        for _ in range(steps):
            w.grad = None
            _distance(w, targets).backward()
            w -= lr * w.grad


def _renamed_unrecorded(w, targets, lr, steps):
    for _ in range(steps):
        _distance(w, targets).backward()
        with torch.no_grad():
            w = w - lr * w.grad


def _climbing(w, targets, lr, steps):
    descend(w, targets, -lr, steps)


def _detached(w, targets, lr, steps):
    descend(w, targets, lr, steps)
    w.requires_grad_(False)


WRONG_DESCENTS = (
    Mistake(
        _another_tensor,
        "The tensor that was handed in has not moved. `w = ...` gives the name to "
        "another tensor, and `w.sub(...)` makes one; an optimizer or a model that "
        "holds the first one never hears of it. Change it in place: `w -= ...`.",
    ),
    Mistake(
        _not_cleared,
        "The parameter stays a leaf now, and from the second step on it moves too far: "
        "backward adds to .grad, so each step still holds the gradients before it.",
    ),
    Mistake(
        _cleared_too_early,
        "The gradient is cleared between backward and the step that should read it: "
        "there .grad is None.",
    ),
    Mistake(
        _zeroed_too_early,
        "The gradient is set to zero between backward and the step that should read "
        "it: w stays where it is.",
    ),
    Mistake(
        _cleared_as_tensor,
        "Before the first backward .grad is None, which has no zero_(). Write "
        "`w.grad = None`, or clear it after the step.",
    ),
    Mistake(
        _one_loss,
        "All your gradients are taken at the start. In each step compute the loss "
        "where w is then, call backward, and move.",
    ),
    Mistake(
        _switched_off,
        "The first step is right. After it w requires no gradient any more, so the "
        "next loss records nothing. To change w unrecorded, use torch.no_grad().",
    ),
    Mistake(
        _recorded,
        "In place is right, and PyTorch wants to record the change. A leaf that is "
        "changed by a recorded operation would be no leaf: put the update under "
        "torch.no_grad().",
    ),
    Mistake(
        _unrecorded,
        "When backward ran, nothing was recorded. Only the update belongs under "
        "no_grad, not the loss; and w has to require its gradient all the time.",
    ),
    Mistake(
        _renamed_unrecorded,
        "Under no_grad, or detached, `w - lr * w.grad` is a new tensor without any "
        "history, and `w = ...` gives it the name: the old one has not moved, the new "
        "one requires no gradient. Change w itself, with `w -= ...`.",
    ),
    Mistake(_climbing, "You climb: a step goes against the gradient."),
    Mistake(
        _detached,
        "The parameter has moved, and requires no gradient any more: it could not be "
        "trained further.",
    ),
)


def _descents():
    """Three steps and one step, from leaves without a gradient."""
    starts = (([5.0, -1.0], 0.1, 3), ([0.5, 0.25], 0.25, 1))
    return [
        (
            torch.tensor(numbers, dtype=torch.float64, requires_grad=True),
            torch.tensor([1.0, 2.0], dtype=torch.float64),
            lr,
            steps,
        )
        for numbers, lr, steps in starts
    ]


KNOWN_ERRORS = ("in-place operation", "does not require grad")


def _after(answer, w, targets, lr, steps):
    """Where w has gone and what it still is; PyTorch's complaint, if a known one."""
    start = w.detach().clone()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # .grad of a non-leaf, in the loop as given
        try:
            answer(w, targets, lr, steps)
        except RuntimeError as error:
            known = [words for words in KNOWN_ERRORS if words in str(error)]
            if not known:
                raise
            return {"RuntimeError": known[0], "has moved": not torch.equal(w, start)}
    if torch.equal(w, start):
        cleared = w.grad is not None and not w.grad.any()
        return {"has moved": False, ".grad is zero": cleared}
    return {
        "w": w.detach().clone(),
        "a leaf": w.is_leaf,
        "requires a gradient": w.requires_grad,
    }


EXERCISE = Exercise(
    number="2.2",
    title="Keep the parameter",
    solution=descend,
    cases=_descents,
    probe=_after,
    mistakes=WRONG_DESCENTS,
    compared_with="torch.optim.SGD over three steps and one",
    may_change_inputs=True,
    starting_point=_as_given,
)
