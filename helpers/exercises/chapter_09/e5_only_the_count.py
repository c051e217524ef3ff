"""Exercise 9.5: go on with a schedule when only the optimizer was saved."""

import copy
import warnings

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Mistake

Lambda = torch.optim.lr_scheduler.LambdaLR


def resume(optimizer, saved, shape, done):
    """Load the optimizer, and build a LambdaLR that stands after `done` epochs."""
    optimizer.load_state_dict(saved)
    return Lambda(optimizer, shape, last_epoch=done - 1)


def _falling(epoch):
    return 1 / (1 + epoch)


def _waves(epoch):
    return 1.0 - 0.3 * (epoch % 3)


SHAPES = {"1 / (1 + epoch)": _falling, "1 - 0.3 * (epoch % 3)": _waves}


def _new(lr=0.01):
    groups = [{"params": [nn.Parameter(torch.zeros(1))]} for _ in range(2)]
    groups[1]["lr"] = lr / 2
    return torch.optim.SGD(groups, lr=lr, momentum=0.5)


def _go(optimizer, scheduler, epochs):
    """The rates of some epochs, and where the parameters are after each."""
    seen = []
    for _ in range(epochs):
        groups = optimizer.param_groups
        for group in groups:
            group["params"][0].grad = torch.ones(1)
        rates = [group["lr"] for group in groups]
        buffers = [
            optimizer.state[g["params"][0]].get("momentum_buffer") for g in groups
        ]
        seen.append((rates, [b if b is None else b.item() for b in buffers]))
        optimizer.step()
        scheduler.step()
    return seen


def _after(answer, shape, done):
    """Rates and buffers of five epochs after a stop. The new script has another lr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer = _new(lr=0.4)
        _go(optimizer, Lambda(optimizer, SHAPES[shape]), done)
        fresh = _new()
        saved = copy.deepcopy(optimizer.state_dict())
        scheduler = answer(fresh, saved, SHAPES[shape], done)
        if not hasattr(scheduler, "step"):
            return scheduler
        return _go(fresh, scheduler, 5)


def _at(offset):
    """A resume with another last_epoch."""

    def resume(optimizer, saved, shape, done):
        optimizer.load_state_dict(saved)
        return Lambda(optimizer, shape, last_epoch=done + offset)

    return resume


def _anew(optimizer, saved, shape, done):
    optimizer.load_state_dict(saved)
    return Lambda(optimizer, shape)


def _count_only(optimizer, saved, shape, done):
    scheduler = _anew(optimizer, saved, shape, done)
    scheduler.last_epoch = done
    return scheduler


def _count_before(optimizer, saved, shape, done):
    scheduler = Lambda(optimizer, shape)
    scheduler.last_epoch = done
    optimizer.load_state_dict(saved)
    return scheduler


def _not_loaded(optimizer, saved, shape, done):
    return Lambda(optimizer, shape, last_epoch=done - 1)


def _marked(optimizer, saved, shape, done):
    for group in optimizer.param_groups:
        group["initial_lr"] = group["lr"]
    return Lambda(optimizer, shape, last_epoch=done - 1)


def _shifted(optimizer, saved, shape, done):
    optimizer.load_state_dict(saved)
    for group in optimizer.param_groups:
        group["initial_lr"] = group["lr"]
    return Lambda(optimizer, lambda epoch: shape(epoch + done))


def _rates_only(optimizer, saved, shape, done):
    for group, old in zip(optimizer.param_groups, saved["param_groups"], strict=True):
        group["initial_lr"] = old["initial_lr"]
    return Lambda(optimizer, shape, last_epoch=done - 1)


def _optimizer(optimizer, saved, shape, done):
    resume(optimizer, saved, shape, done)
    return optimizer


EXERCISE = Exercise(
    number="9.5",
    title="Only the count is left",
    solution=resume,
    cases=lambda: [("1 / (1 + epoch)", 3), ("1 - 0.3 * (epoch % 3)", 5)],
    probe=_after,
    may_change_inputs=True,
    mistakes=(
        Mistake(
            _at(0),
            "You are one epoch ahead. `last_epoch` is the last epoch that was trained; "
            "they count from 0, so after `done` of them it is done - 1.",
        ),
        Mistake(
            _at(-2),
            "You are one epoch behind: `last_epoch` is the last epoch that was "
            "trained, done - 1, and the constructor steps on to the next.",
        ),
        Mistake(
            _anew,
            "The schedule begins again at epoch 0: without `last_epoch` a scheduler "
            "knows nothing of the epochs before.",
        ),
        Mistake(
            _count_only,
            "The first rate is that of epoch 0: you set the count after the "
            "constructor had written the rate. `last_epoch` is an argument, too.",
        ),
        Mistake(
            _count_before,
            "From the second on, the rates are those of the new script: the scheduler "
            "took its base rates before the optimizer was loaded.",
        ),
        Mistake(
            _not_loaded,
            "The optimizer was never loaded. The constructor looks for the rate of "
            'the beginning, under "initial_lr", and only the saved groups have it.',
        ),
        Mistake(
            _marked,
            "You begin from the rate of the new script, with empty buffers. What was "
            "saved has both: load it.",
        ),
        Mistake(
            _shifted,
            "You take the saved rate for the base rate. It has been multiplied "
            'already; the base rate is kept under "initial_lr".',
        ),
        Mistake(
            _rates_only,
            "The rates are right, and the buffers of momentum are empty: load the "
            "whole optimizer.",
        ),
        Mistake(
            _optimizer,
            "You return the optimizer. Asked for is the scheduler, whose `step()` sets "
            "the next rates.",
        ),
    ),
    compared_with="the rates and buffers of two runs that never stopped",
)
