"""Exercise 11.6: a closure that serves SGD and betrays LBFGS."""

from functools import cache

import torch

from helpers.exercises.exercise import Exercise, Mistake

START = (-1.5, 2.0)


def sly_closure(p, loss_of, optimizer):
    """A closure that leaves the clearing to the loop around it."""

    def closure():
        loss = loss_of(p)
        loss.backward()
        return loss

    return closure


def _right(p, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(p)
        loss.backward()
        return loss

    return closure


def _without_backward(p, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        return loss_of(p)

    return closure


def _cleared_at_the_end(p, loss_of, optimizer):
    def closure():
        loss = loss_of(p)
        loss.backward()
        optimizer.zero_grad()
        return loss

    return closure


def _climbs(p, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = -loss_of(p)
        loss.backward()
        return loss

    return closure


def _twice(p, loss_of, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = loss_of(p)
        (2 * loss).backward()
        return loss

    return closure


def _once(p, loss_of, optimizer):
    loss = loss_of(p)

    def closure():
        optimizer.zero_grad()
        loss.backward()
        return loss

    return closure


def _loss(p):
    """A bent valley with its lowest point at (1, 1)."""
    return 2 * (p[1] - p[0] ** 2) ** 2 + (1 - p[0]) ** 2


def _place_after(answer, kind, steps, **options):
    """Where a loop with zero_grad() and step(closure) ends; None if it raises."""
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = kind([p], **options)
    closure = answer(p, _loss, optimizer)
    if isinstance(closure, torch.Tensor | float):
        raise TypeError("the answer is a loss; return the function that computes it")
    try:
        for _ in range(steps):
            optimizer.zero_grad()
            if optimizer.step(closure) is ...:
                raise NotImplementedError
    except NotImplementedError:
        raise
    except Exception:  # whatever an answer raises, LBFGS has not arrived
        return None
    return p.detach()


def _is(place, other):
    return place is not None and torch.allclose(place, other, atol=1e-3)


@cache
def _right_place():
    """Where SGD ends with a right closure."""
    return _place_after(_right, torch.optim.SGD, 400, lr=0.02)


def _behaviour(answer):
    """What is asked for, as truth values; all of them are True for a sly closure."""
    sgd = _place_after(answer, torch.optim.SGD, 400, lr=0.02)
    with_search = {"line_search_fn": "strong_wolfe"}
    lbfgs = _place_after(answer, torch.optim.LBFGS, 5, **with_search)
    return {
        "SGD goes through all steps": sgd is not None,
        "SGD moves": sgd is not None and not _is(sgd, torch.tensor(START).double()),
        "SGD arrives": _is(sgd, _right_place()),
        "LBFGS does not arrive": not _is(lbfgs, torch.ones(2).double()),
    }


WRONG_CLOSURES = (
    Mistake(
        _right,
        "SGD arrives, and LBFGS too: this closure keeps its promises. Break one that "
        "the loop keeps in its place.",
    ),
    Mistake(
        _twice,
        "SGD ends elsewhere than with a right closure. Its gradient must be the right "
        "one at the one question that it asks.",
    ),
    Mistake(
        _without_backward,
        "SGD does not move: it finds no gradient when the closure has returned.",
    ),
    Mistake(
        _cleared_at_the_end,
        "SGD does not move: it finds no gradient when the closure has returned.",
    ),
    Mistake(
        _climbs,
        "SGD moves, and does not end where a right closure leads it; nor does LBFGS. "
        "The gradient must be the right one at the one question that SGD asks.",
    ),
    Mistake(
        _once,
        "SGD raises an error before its last step. For SGD nothing must seem wrong.",
    ),
)

EXERCISE = Exercise(
    number="11.6",
    title="Break it",
    solution=sly_closure,
    cases=lambda: [()],
    probe=_behaviour,
    mistakes=WRONG_CLOSURES,
    compared_with="what was asked for: SGD arrives, LBFGS does not",
)
