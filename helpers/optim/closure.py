"""Calling a closure: the user's function that computes the loss anew."""

import sys
import warnings
from pathlib import Path

import torch

HERE = str(Path(__file__).parent)
WRAPPERS = str(Path(torch.utils.__file__).parent)  # torch.no_grad around a step


def evaluate(closure):
    """What a closure returns, called with gradients enabled; None without a closure.

    Raises `TypeError` for what can't be called. Chapter 11 is about closures.

    >>> evaluate(lambda: 3.0)
    3.0
    """
    if closure is None:
        return None
    if not callable(closure):
        raise TypeError(
            f"closure = {closure!r} of type {type(closure).__name__} can't be called. "
            "step() takes nothing, or a function that computes the loss, calls "
            "backward() and returns the loss: pass the function, without calling it"
        )
    with torch.enable_grad():
        return closure()


def number_in(loss) -> float:
    """The Python number in a loss: a tensor with one element, or a number.

    >>> number_in(torch.tensor([2.5], requires_grad=True))
    2.5
    """
    return loss.item() if hasattr(loss, "item") else float(loss)


def warn_once(optimizer, text):
    """Give a `UserWarning` of the line that called step(), once for each optimizer."""
    given = optimizer.__dict__.setdefault("_warnings_given", set())
    if text not in given:
        given.add(text)
        warnings.warn(text, stacklevel=2 + depth_below_user())


def depth_below_user() -> int:
    """How many of the callers of `warn_once` belong to this package or to torch."""
    frame, depth = sys._getframe(2), 0
    while frame.f_back and frame.f_code.co_filename.startswith((HERE, WRAPPERS)):
        frame, depth = frame.f_back, depth + 1
    return depth
