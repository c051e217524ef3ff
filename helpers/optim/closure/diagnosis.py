"""What can be wrong with a closure, told from what it leaves behind.

With this module one can ask
- what is wrong with what a closure returned and left in the parameters, where the
  method needs it (`fault_of_result`) and where it does not (`fault_of_idle_closure`),
- whether it returned an old loss (`fault_of_reused_loss`), or one with a graph
  (`fault_of_same_graph`),
- what to say of an error that was raised inside of it (`advice_for`).
"""

import weakref
from dataclasses import dataclass

import torch

from helpers.optim.base.options import is_number
from helpers.optim.base.parameters import array_of

WRITE = (
    "end the closure with `loss.backward()` and `return loss`, after "
    "`optimizer.zero_grad()` and the computation of the loss"
)
ADVICE = {
    "Trying to backward through the graph a second time": (
        "It came from a closure, which may be called several times a step: the loss, "
        "or a part of it, was computed outside. Move all of it, from the parameters "
        "to the loss, into the closure."
    ),
    "does not require grad and does not have a grad_fn": (
        "It came from a closure: its loss was not computed from the parameters, or "
        "was cut from them by detach(), .item(), .data, torch.no_grad() or, around "
        "step(), torch.inference_mode(). Compute it from the parameters themselves, "
        "inside the closure."
    ),
    "grad can be implicitly created only for": (
        "It came from a closure: the loss is one real number. Reduce it, with "
        "loss.mean() or loss.sum(), before loss.backward()."
    ),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in words, and the class of error where it can't be borne."""

    error: type
    text: str


def fault_of_result(optimizer, loss) -> Fault | None:
    """The fault in what a closure returned, or that it left no gradient; or None.

    >>> fault_of_result(None, (torch.tensor(1.0), "more")).error
    <class 'TypeError'>
    """
    if loss is None:
        return Fault(
            TypeError,
            f"closure returned None; allowed is the loss, a tensor with one number: "
            f"{WRITE}",
        )
    if not (is_tensor(loss) or is_number(loss)):
        return Fault(
            TypeError,
            f"closure returned a {type(loss).__name__}; allowed is the loss alone, a "
            f"tensor with one number: {WRITE}, and keep what else you need in a "
            "variable of your own",
        )
    if is_tensor(loss) and (loss.data.numel() != 1 or loss.data.is_complex()):
        return fault_of_shape(loss.data)
    if has_gradients(optimizer) or not is_finite(loss):
        return None
    return fault_of_missing_gradients(loss)


def fault_of_shape(array) -> Fault:
    """The fault of a loss that is not one real number."""
    if array.is_complex():
        return Fault(
            RuntimeError,
            f"closure returned a loss of {array.dtype}; allowed is a real number: take "
            "its .real part, or .abs(), before backward()",
        )
    return Fault(
        ValueError,
        f"closure returned a loss of shape {tuple(array.shape)}; only one element "
        "tensors can be converted to Python scalars: reduce it, with loss.mean() or "
        "loss.sum(), before backward()",
    )


def has_gradients(optimizer) -> bool:
    """Whether any parameter has a gradient."""
    groups = optimizer.param_groups
    return any(each.grad is not None for group in groups for each in group["params"])


def fault_of_missing_gradients(loss) -> Fault:
    """The fault of a closure after which no parameter has a gradient."""
    if is_tensor(loss) and not loss.requires_grad:
        text = (
            "closure returned a loss that has no graph, and no parameter has a "
            "gradient; allowed is a loss computed from the parameters, with gradients "
            "enabled: leave out detach(), .data and torch.no_grad(), and call "
            "loss.backward() in the closure"
        )
    else:
        text = (
            "no parameter has a gradient after the closure was called; one at least "
            "must have: call loss.backward() in the closure, after zero_grad(), and "
            "give the optimizer the parameters that the loss is computed from"
        )
    return Fault(RuntimeError, text)


def fault_of_idle_closure(optimizer, loss) -> Fault | None:
    """The fault of a closure that computed a loss and made no gradient of it; or None.

    It is one only if the loss depends on the parameters: a batch that is skipped, or a
    loss of other parameters, leaves no gradient either. So does a closure that stops at
    a loss that isn't finite.
    """
    if not is_tensor(loss) or has_gradients(optimizer) or not is_finite(loss):
        return None
    depends = depends_on_parameters(loss, optimizer)
    return fault_of_missing_gradients(loss) if depends else None


def is_finite(loss):
    """Whether each number in a loss is finite."""
    array = loss.data if is_tensor(loss) else torch.as_tensor(loss)
    return bool(torch.isfinite(array).all())


def depends_on_parameters(loss, optimizer):
    """Whether the graph of a loss leads to a parameter of an optimizer."""
    groups = optimizer.param_groups
    wanted = {id(each) for group in groups for each in group["params"]}
    seen, waiting = set(), [loss.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        if id(getattr(node, "variable", None)) in wanted:
            return True
        seen.add(node)
        waiting += [inner for inner, _ in node.next_functions]
    return False


def fault_of_same_graph(optimizer, loss) -> Fault | None:
    """The fault of a closure that returns a loss, with its graph, that it had before.

    A constant that it returns each time is no loss to speak of.
    """
    fault = fault_of_reused_loss(optimizer, loss)
    return fault if fault is not None and loss.requires_grad else None


def fault_of_reused_loss(optimizer, loss) -> Fault | None:
    """The fault of a closure that returns the tensor it returned before; or None.

    A tensor that was written again in between is another loss. On other devices than
    the CPU nothing is said: a replayed graph of kernels writes without a trace.
    """
    if not is_tensor(loss) or loss.data.device.type != "cpu":
        return None
    last, before = optimizer.__dict__.get("_last_loss", (no_loss, None))
    version = array_of(loss)._version
    optimizer._last_loss = weakref.ref(loss), version
    if last() is not loss or version != before:
        return None
    return Fault(
        RuntimeError,
        "closure returned the same tensor as the time before; allowed is a loss that "
        "is computed anew at each call: move its computation from outside of the "
        "closure into it",
    )


def no_loss():
    """What a reference to a loss says before there is one."""
    return None


def advice_for(error) -> str | None:
    """What to say of an error that a closure raised; None if it isn't known."""
    found = [advice for words, advice in ADVICE.items() if words in str(error)]
    return found[0] if found else None


def is_tensor(thing) -> bool:
    """Whether something is a tensor, torch's or one around it."""
    return isinstance(getattr(thing, "data", None), torch.Tensor)
