"""What a line search refuses: the given number, the allowed ones, what to do."""

import math


def check_line(value0, slope0, step, max_eval):
    """Raise `ValueError` unless phi starts finite and downhill, and steps are allowed.

    >>> check_line(1.0, 2.0, 1.0, 25)
    Traceback (most recent call last):
    ValueError: slope0 = 2.0; allowed is a finite number below 0: turn the direction \
round, for along this one the value does not fall
    """
    refuse_unless(math.isfinite(value0), "value0", value0, "a finite number", "start")
    downhill = math.isfinite(slope0) and slope0 < 0
    refuse_unless(downhill, "slope0", slope0, "a finite number below 0", "turn")
    forward = math.isfinite(step) and step > 0
    refuse_unless(forward, "step", step, "a finite number above 0", "step")
    whole = isinstance(max_eval, int) and max_eval >= 1
    refuse_unless(whole, "max_eval", max_eval, "an integer from 1 up", "evaluate")


def check_between(name, value):
    """Raise `ValueError` unless a number lies between 0 and 1, both excluded."""
    refuse_unless(0 < value < 1, name, value, "a number between 0 and 1", name)


def check_conditions(c1, c2):
    """Raise `ValueError` unless 0 < c1 <= c2 < 1.

    >>> check_conditions(0.5, 0.1)
    Traceback (most recent call last):
    ValueError: c1, c2 = (0.5, 0.1); allowed are numbers with 0 < c1 <= c2 < 1: take \
c1=1e-4 and c2=0.9, or a smaller c2 for a more exact search
    """
    fit = 0 < c1 <= c2 < 1
    refuse_unless(fit, "c1, c2", (c1, c2), "numbers with 0 < c1 <= c2 < 1", "both")


def check_lengths(tolerance_change, scale):
    """Raise `ValueError` unless both are finite, the first from 0 up, the other above.

    >>> check_lengths(1e-9, 0.0)
    Traceback (most recent call last):
    ValueError: scale = 0.0; allowed is a finite number above 0: pass the largest \
absolute entry of the direction, or leave it out
    """
    fit = 0 <= tolerance_change < math.inf
    allowed = "a finite number from 0 up"
    refuse_unless(fit, "tolerance_change", tolerance_change, allowed, "tolerance")
    fit = 0 < scale < math.inf
    refuse_unless(fit, "scale", scale, "a finite number above 0", "scale")


WHAT_TO_DO = {
    "start": "start where the function can be computed",
    "turn": "turn the direction round, for along this one the value does not fall",
    "step": "begin with step=1.0, say",
    "evaluate": "allow max_eval=25, say",
    "c1": "take c1=1e-4",
    "shrink": "take shrink=0.5",
    "both": "take c1=1e-4 and c2=0.9, or a smaller c2 for a more exact search",
    "tolerance": "take tolerance_change=1e-9",
    "scale": "pass the largest absolute entry of the direction, or leave it out",
}


def refuse_unless(fit, name, value, allowed, advice):
    """Raise `ValueError` in three parts unless what was given is fit."""
    if not fit:
        verb = "are" if allowed.startswith("numbers") else "is"
        raise ValueError(
            f"{name} = {value}; allowed {verb} {allowed}: {WHAT_TO_DO[advice]}"
        )
