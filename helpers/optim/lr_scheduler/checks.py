"""Check what schedulers are built with: what was given, what is allowed, what to do.

Where torch raises, the classes and the first words of the messages are its own. Beyond
that, what would fail at a later step, or give a rate that nobody wants, is refused.
"""

import torch

from helpers.optim.base.options import check_finite, check_number, is_number


def check_optimizer(optimizer):
    """Raise `TypeError` for no optimizer, `KeyError` for one without rates."""
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"{type(optimizer).__name__} is not an Optimizer: pass one of torch.optim "
            "or helpers.optim as the first argument"
        )
    for place, group in enumerate(optimizer.param_groups):
        if "lr" not in group:
            raise KeyError(
                f"param_groups[{place}] of {type(optimizer).__name__} has no 'lr': a "
                "scheduler changes that. Take an optimizer that has a learning rate"
            )


def check_last_epoch(last_epoch):
    """Raise `TypeError` or `ValueError` unless it is an integer from -1 up."""
    check_whole("last_epoch", last_epoch, -1, "-1 to begin", TypeError)


def check_whole(name, value, lowest, advice, kind=ValueError):
    """Raise unless a value is a whole number from a lowest one up.

    Args:
        name: the argument's, str.
        value: what was given; 5.0 is whole too.
        lowest: the lowest allowed, int.
        advice: what to set it to, str.
        kind: class of the error for what is no whole number (`ValueError`).

    Raises: that error, and `ValueError` for a number that is too low.

    >>> check_whole("step_size", 0, 1, "30, say")
    Traceback (most recent call last):
    ValueError: Invalid step_size value: 0. step_size is a whole number from 1 up: set \
step_size=30, say
    """
    numeric = is_number(value) and not isinstance(value, bool)
    whole = numeric and float(value).is_integer()
    if whole and value >= lowest:
        return
    raise (ValueError if whole else kind)(
        f"Invalid {name} value: {value!r}. {name} is a whole number from {lowest} up: "
        f"set {name}={advice}"
    )


def check_span(name, value, words, low=0, high=1, above=False):
    """Raise unless a value is a number of a range.

    Args:
        name: the argument's, str.
        value: what was given.
        words: how torch's message begins.
        low, high: the ends of the range, numbers (0, 1).
        above: bool (False), whether the low end is left out.

    Raises: `TypeError` for no number, `ValueError` for one out of range or NaN.

    >>> check_span("factor", 2, "Constant factor")
    Traceback (most recent call last):
    ValueError: Constant factor expected to be from 0 to 1, but got factor=2: set \
factor=0.5, say
    """
    if not is_number(value):
        raise TypeError(
            f"{name} = {value!r} of type {type(value).__name__} is not a number: set "
            f"{name}={(low + high) / 2}, say"
        )
    if not low <= value <= high or (above and value == low):
        span = f"greater than {low}, up to {high}" if above else f"from {low} to {high}"
        raise ValueError(
            f"{words} expected to be {span}, but got {name}={value}: set "
            f"{name}={(low + high) / 2}, say"
        )


def check_choice(name, value, known):
    """Raise `ValueError` unless a value is one of the known words."""
    if value not in known:
        listed = " or ".join(repr(each) for each in known)
        raise ValueError(
            f"{name} must be one of {listed}, instead got {name}={value!r}: set "
            f"{name}={known[0]!r}, say"
        )


def check_callable(name, value):
    """Raise `TypeError` for what can't be called."""
    if not callable(value):
        raise TypeError(
            f"{name} should be a function, but got {type(value).__name__}: pass one "
            "that takes the number of an epoch, such as lambda epoch: 0.95**epoch"
        )


def check_gamma(gamma):
    """Raise `TypeError` or `ValueError` unless gamma is a finite number from 0 up."""
    check_number("gamma", gamma)
    check_finite("gamma", gamma)
