"""Choose how a step is executed: single tensor, multi tensor, traced or fused.

All call the same `optimizer.update`, and differ in what they hand it.
"""

from operator import attrgetter, methodcaller

import torch

from helpers.optim.base.parameters import arrays_of, gradients_of
from helpers.optim.execution.fused import SMALL, fused
from helpers.optim.execution.loop import multi_tensor, single_tensor
from helpers.optim.execution.traced import traced

IS_SPARSE = attrgetter("is_sparse")
NUMEL = methodcaller("numel")
PLAIN_TYPES = {torch.Tensor, torch.nn.Parameter}


def step_group(optimizer, group):
    """One step of every parameter of a group that has a gradient."""
    parameters = [each for each in group["params"] if each.grad is not None]
    if not parameters:
        return
    optimizer.check_parameters(parameters)
    if any_sparse(parameters):
        check_sparse(optimizer, group)
        single_tensor(optimizer, group, parameters)
    else:
        run = single_tensor if optimizer.one_by_one else choose(group, parameters)
        run(optimizer, group, parameters)


def check_sparse(optimizer, group):
    """Raise `RuntimeError` if a step can't be made along sparse gradients."""
    name = type(optimizer).__name__
    if not optimizer.supports_sparse:
        raise RuntimeError(
            f"{name} does not support sparse gradients, please consider SparseAdam "
            "instead, or SGD or Adagrad; or build the embedding with sparse=False"
        )
    if group.get("fused") or is_traced(group):
        raise RuntimeError(
            "`fused`, `differentiable` and `capturable` do not support sparse "
            f"gradients in {name}: leave them out, or build the embedding with "
            "sparse=False"
        )


def choose(group, parameters):
    """The implementation that a group's options ask for, or else the fastest safe one.

    `fused` and `foreach` are None unless the user chose. Then lists are taken for many
    small tensors, where they save time and cost little memory, and the loop for the
    rest.
    """
    if is_traced(group):
        return traced
    if group.get("fused"):
        return fused
    foreach = group.get("foreach")
    if foreach is None:
        foreach = group.get("fused") is None and foreach_pays(parameters)
    return multi_tensor if foreach else single_tensor


def is_traced(group):
    """Whether autograd, a CUDA graph or a compiler traces the step."""
    asked = group.get("differentiable") or group.get("capturable")
    return asked or torch.compiler.is_compiling()


def any_sparse(parameters):
    """Whether some gradient is sparse: it lists its rows that are not zero."""
    return any(map(IS_SPARSE, gradients_of(parameters)))


def foreach_pays(parameters):
    """Whether lists are quicker: several plain tensors, small ones on a CPU."""
    arrays = arrays_of(parameters)
    if len(arrays) < 2 or not set(map(type, arrays)) <= PLAIN_TYPES:
        return False
    small = sum(map(NUMEL, arrays)) <= SMALL * len(arrays)
    return small or all(each.device.type != "cpu" for each in arrays)
