"""Calling a closure: the user's function that computes the loss anew."""

import torch


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
