"""Check the options of conjugate gradients."""

from helpers.optim.base.options import check_count, check_finite, check_number
from helpers.optim.conjugate_gradient.beta import METHODS, RESTARTS
from helpers.optim.conjugate_gradient.direction import names_in
from helpers.optim.conjugate_gradient.searches import SEARCHES


def check_conjugate_gradient(options):
    """Raise `TypeError` or `ValueError` for options that make no sense.

    >>> check_conjugate_gradient({"lr": 0})
    Traceback (most recent call last):
    ValueError: Invalid learning rate: 0. lr is a finite number above 0, for it scales \
the first trial step: set lr=1, or leave it out
    """
    check_lr(options["lr"])
    check_count("max_iter", options["max_iter"])
    if options["max_eval"] is not None:
        check_count("max_eval", options["max_eval"], "None, for no limit")
    for name in ("tolerance_grad", "tolerance_change"):
        check_number(name, options[name])
        check_finite(name, options[name])
    check_name("method", options["method"], METHODS)
    check_name("line_search_fn", options["line_search_fn"], SEARCHES)
    check_restart(options["restart"])


def check_lr(lr):
    """Raise unless the learning rate is a finite number above 0."""
    check_number("lr", lr)
    check_finite("lr", lr)
    if lr == 0:
        raise ValueError(
            f"Invalid learning rate: {lr}. lr is a finite number above 0, for it "
            "scales the first trial step: set lr=1, or leave it out"
        )


def check_name(option, name, known):
    """Raise `ValueError` unless a name is one of those that are known."""
    if not isinstance(name, str) or name not in known:
        choices = ", ".join(map(repr, known))
        raise ValueError(
            f"Invalid {option} value: {name!r}. {option} is one of {choices}: set "
            f"{option}={next(iter(known))!r}, say"
        )


def check_restart(restart):
    """Raise `TypeError` or `ValueError` unless each name is that of a test."""
    if not isinstance(restart, (str, tuple, list, type(None))):
        raise TypeError(
            f"Invalid restart value: {restart!r} of type {type(restart).__name__}. "
            "restart is None, a name or a tuple of names: set restart='powell', say"
        )
    for name in names_in(restart):
        check_name("restart", name, RESTARTS)
