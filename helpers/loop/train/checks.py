"""What `fit` and `evaluate` refuse before the first batch."""

from collections.abc import Iterator

import torch
import torch.distributed as dist

from helpers.loop.signatures import needs_closure

PLACES = ("epoch_begin", "before_step", "after_step", "epoch_end")


def check_model(model):
    """Refuse what isn't a module."""
    if not (callable(model) and hasattr(model, "named_parameters")):
        raise _wrong_type("model", model, "a module of torch's or ours", "model=model")


def check_loader(name, loader):
    """Refuse what can't be walked through again and again, and what is empty."""
    if isinstance(loader, Iterator) or not hasattr(loader, "__iter__"):
        raise _wrong_type(
            name, loader, "what each epoch can walk through anew, as a DataLoader",
            "the DataLoader itself, or a list of batches",
        )  # fmt: skip
    if hasattr(loader, "__len__") and len(loader) == 0:
        raise ValueError(empty(name))


def empty(name):
    """What is said of a loader that gives no batch."""
    return (
        f"{name} gives no batch; allowed is one batch or more: look at its data set, "
        "and at drop_last"
    )


def check_criterion(criterion):
    """Refuse what isn't a loss, and a loss that isn't one number."""
    if not callable(criterion):
        raise _wrong_type(
            "criterion", criterion, "a function of outputs and targets",
            "torch.nn.CrossEntropyLoss()",
        )  # fmt: skip
    if getattr(criterion, "reduction", "mean") not in ("mean", "sum"):
        raise ValueError(
            f"criterion.reduction = {criterion.reduction!r}; allowed are 'mean' and "
            "'sum', which give one number: make the criterion with one of them"
        )


def check_optimizers(optimizers, *, scaler, clip_norm):
    """Refuse what has no `step`, and what steps with a closure rule out."""
    for each in optimizers:
        if not (hasattr(each, "step") and hasattr(each, "param_groups")):
            raise _wrong_type(
                "optimizer", each, "an optimizer of torch's or ours, or a list of them",
                "torch.optim.SGD(model.parameters(), lr=0.1)",
            )  # fmt: skip
    if not optimizers:
        raise ValueError("optimizer = []; allowed is one or more: pass an optimizer")
    asking = [type(each).__name__ for each in optimizers if needs_closure(each)]
    beside = {
        "other optimizers": len(optimizers) > 1,
        "scaler": scaler is not None,
        "clip_norm": clip_norm is not None,
    }
    given = [name for name, is_given in beside.items() if is_given]
    if asking and given:
        raise ValueError(
            f"{asking[0]} asks for the loss again within a step, and "
            f"{' and '.join(given)} came with it; allowed is {asking[0]} by itself: "
            "leave the other out, or take an optimizer that steps without a closure"
        )


def check_schedulers(schedulers):
    """Refuse what has no `step` of its own, such as an optimizer's state."""
    for each in schedulers:
        if not hasattr(each, "step") or hasattr(each, "param_groups"):
            raise _wrong_type(
                "scheduler", each, "a scheduler of torch's or ours, or a list of them",
                "torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)",
            )  # fmt: skip


def check_autocast(autocast):
    """Refuse what is no dtype that torch.autocast computes in."""
    if autocast not in (None, torch.bfloat16, torch.float16):
        raise ValueError(
            f"autocast = {autocast!r}; allowed are torch.bfloat16, torch.float16 and "
            "None: pass autocast=torch.bfloat16, say"
        )


def check_numbers(*, epochs, accumulate, save_every, clip_norm, scheduler_per):
    """Refuse numbers out of range."""
    _check_integer("epochs", epochs, 0)
    _check_integer("accumulate", accumulate, 1)
    if save_every is not None:
        _check_integer("save_every", save_every, 1)
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(
            f"clip_norm = {clip_norm}; allowed is a number above 0, or None: pass "
            "clip_norm=1.0, say"
        )
    if scheduler_per not in ("epoch", "step"):
        raise ValueError(
            f"scheduler_per = {scheduler_per!r}; allowed are 'epoch' and 'step': name "
            "the unit that the scheduler counts in"
        )


def check_callbacks(callbacks):
    """Refuse a callback that would never be called."""
    for each in callbacks:
        if not any(hasattr(each, place) for place in PLACES):
            raise _wrong_type(
                "callback", each, f"an object with one or more of {', '.join(PLACES)}",
                "an instance of a class with such methods, each taking the run",
            )  # fmt: skip


def check_checkpoint(checkpoint, model):
    """Refuse a checkpoint that each of many ranks would write."""
    is_shared = hasattr(model, "shared_checkpoint")
    if checkpoint is None or is_shared or not dist.is_available():
        return
    if dist.is_initialized() and dist.get_world_size() > 1:
        raise ValueError(
            f"checkpoint came on {dist.get_world_size()} ranks with a model of type "
            f"{type(model).__name__}, and each would write it; allowed is a model that "
            "shares it: wrap it in helpers.parallel.DataParallel, or save by "
            "helpers.parallel.save in a callback"
        )


def _check_integer(name, value, least):
    """Refuse what isn't an integer of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type(name, value, "an integer", f"{name}={max(least, 1)}")
    if value < least:
        raise ValueError(
            f"{name} = {value}; allowed is an integer of {least} or more: pass "
            f"{name}={max(least, 1)}, say"
        )


def _wrong_type(name, value, allowed, example):
    """The error with its three parts."""
    kind = type(value).__name__
    return TypeError(
        f"{name} is of type {kind}; allowed is {allowed}: pass for example {example}"
    )
