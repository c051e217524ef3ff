"""One rule, run in several ways: tensor by tensor, over lists, out of place, or fused.

`run` makes one step for one parameter group. All ways call the same `optimizer.update`;
they differ in what they hand it.
"""

from operator import attrgetter, methodcaller

import torch

from helpers.optim.base.parameters import arrays_of, gradients_of
from helpers.optim.execution.fused import SMALL, fused
from helpers.optim.execution.loop import by_lists, one_by_one
from helpers.optim.execution.traced import out_of_place

IS_SPARSE = attrgetter("is_sparse")
COUNT = methodcaller("numel")
PLAIN = {torch.Tensor, torch.nn.Parameter}


def run(optimizer, group):
    """One step of every parameter of a group that has a gradient."""
    parameters = [each for each in group["params"] if each.grad is not None]
    if not parameters:
        return
    if any_sparse(parameters):
        check_takes_sparse(optimizer, group)
        one_by_one(optimizer, group, parameters)
    else:
        way_for(group, parameters)(optimizer, group, parameters)


def check_takes_sparse(optimizer, group):
    """Raise `RuntimeError` if a step can't be made along sparse gradients."""
    name = type(optimizer).__name__
    if not optimizer.takes_sparse:
        raise RuntimeError(
            f"{name} does not support sparse gradients, please consider SparseAdam "
            "instead, or SGD or Adagrad; or build the embedding with sparse=False"
        )
    if group.get("fused") or is_watched(group):
        raise RuntimeError(
            "`fused`, `differentiable` and `capturable` do not support sparse "
            f"gradients in {name}: leave them out, or build the embedding with "
            "sparse=False"
        )


def way_for(group, parameters):
    """The way that a group's options ask for; without a wish, the fastest safe one.

    `fused` and `foreach` are None unless the user chose. Then lists are taken for many
    small tensors, where they save time and little memory, and the loop for the rest.
    """
    if is_watched(group):
        return out_of_place
    if group.get("fused"):
        return fused
    asked = group.get("foreach")
    if asked is None:
        asked = group.get("fused") is None and lists_pay(parameters)
    return by_lists if asked else one_by_one


def is_watched(group):
    """Whether a compiler or autograd watches the step."""
    watched = group.get("differentiable") or group.get("capturable")
    return watched or torch.compiler.is_compiling()


def any_sparse(parameters):
    """Whether some gradient is sparse: it lists its rows that are not zero."""
    return any(map(IS_SPARSE, gradients_of(parameters)))


def lists_pay(parameters):
    """Whether lists are worth while: many plain tensors, small ones on a CPU."""
    arrays = arrays_of(parameters)
    if len(arrays) < 2 or not set(map(type, arrays)) <= PLAIN:
        return False
    small = sum(map(COUNT, arrays)) <= SMALL * len(arrays)
    return small or all(each.device.type != "cpu" for each in arrays)
