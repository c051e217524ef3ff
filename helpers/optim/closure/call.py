"""Call a closure, the user's function that computes the loss anew.

The contract: a closure clears the gradients, computes the loss from the parameters as
they stand, calls `backward()` and returns the loss. It may be called more than once a
step. A method that can do without one takes `call_optional`, one that can't
`call_required`. What breaks the contract is told by what it leaves behind, and named:
an error where a method can't go on, else a warning.
"""

import torch

from helpers.optim.base.warn_once import warn_once
from helpers.optim.closure import diagnosis


def call_optional(optimizer, closure):
    """Call a closure for a method that can do without one; None if there is none.

    As in torch, a closure may return anything, None too. A `UserWarning`, once for each
    optimizer, tells of one whose loss was computed from the parameters and that left
    them without gradients, or that returns the same loss again.

    Args:
        optimizer: the `Optimizer` whose step it is; its `evaluations` counts the call.
        closure: a function without arguments, or None.

    Raises: `TypeError` for what can't be called, and what the closure raises.
    Chapter 11 shows the contract.

    >>> from helpers.optim import SGD
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (weight**2).sum()
    ...     loss.backward()
    ...     return loss
    >>> optimizer = SGD([weight], lr=0.1)
    >>> call_optional(optimizer, closure).item(), optimizer.evaluations
    (5.0, 1)
    """
    if closure is None:
        return None
    loss = _call(optimizer, closure)
    for find_fault in diagnosis.fault_of_idle_closure, diagnosis.fault_of_same_graph:
        fault = find_fault(optimizer, loss)
        if fault is not None:
            warn_once(optimizer, fault.text)
    return loss


def call_required(optimizer, closure):
    """Call a closure for a method that needs it: what it returns, and the number in it.

    The number may be NaN or infinite. A `UserWarning` tells of a closure that returns
    the same tensor again.

    Args:
        optimizer: the `Optimizer` whose step it is; its `evaluations` counts the call.
        closure: a function without arguments.

    Raises: `TypeError` for a closure that can't be called, returns None or what is no
    number; `ValueError` for several numbers; `RuntimeError` for a complex loss, and if
    no parameter has a gradient afterwards.
    """
    loss = _call(optimizer, closure)
    fault = diagnosis.fault_of_result(optimizer, loss)
    if fault is not None:
        raise fault.error(fault.text)
    fault = diagnosis.fault_of_reused_loss(optimizer, loss)
    if fault is not None:
        warn_once(optimizer, fault.text)
    return loss, number_in(loss)


def _call(optimizer, closure):
    """Call a closure with gradients enabled, and count it: `optimizer.evaluations`."""
    if not callable(closure):
        raise TypeError(
            f"closure = {closure!r} of type {type(closure).__name__} can't be called. "
            "step() takes nothing, or a function that computes the loss, calls "
            "backward() and returns the loss: pass the function, without calling it"
        )
    optimizer.evaluations += 1
    try:
        with torch.enable_grad():
            return closure()
    except RuntimeError as error:
        advice = diagnosis.advice_for(error)
        if advice is None:
            raise
        raise RuntimeError(f"{error}\n{advice}") from error


def number_in(loss) -> float:
    """The Python number in a loss: a tensor with one element, or a number.

    >>> number_in(torch.tensor([2.5], requires_grad=True))
    2.5
    """
    return loss.item() if hasattr(loss, "item") else float(loss)
