"""Choose how a step is executed: single tensor, multi tensor, fused or traced.

All call the same `optimizer.update`, and differ in what they hand it; `fused` alone
calls a kernel of torch's in its place.
"""

from operator import attrgetter, methodcaller

import torch

from helpers.optim.base.parameters import GRADIENT, PLAIN_TYPES, arrays_of
from helpers.optim.execution.fused import check_real, fits_kernel, fused, has_kernel
from helpers.optim.execution.loop import multi_tensor, single_tensor
from helpers.optim.execution.places import with_places_of_state
from helpers.optim.execution.plan import Plan
from helpers.optim.execution.state import known_states, states_of
from helpers.optim.execution.traced import traced

IS_SPARSE = attrgetter("is_sparse")
NUMEL = methodcaller("numel")
SMALL = 16_384  # elements: below this, Python overhead exceeds kernel time


def step_group(optimizer, group):
    """One step of every parameter of a group that has a gradient.

    Which of them go which way is looked up in a plan, while one holds.
    """
    parameters, gradients = with_gradients(group["params"])
    if not parameters:
        return
    optimizer.check_parameters(parameters)
    if is_traced(group) and not optimizer.one_by_one:
        check_sparse(optimizer, group, arrays_of(gradients))
        try:
            traced(optimizer, group, parameters, gradients)
        except RuntimeError as error:
            raise with_places_of_state(error, optimizer) from error
        return
    arrays, gradients = arrays_of(parameters), arrays_of(gradients)
    states = known_states(optimizer, group, parameters)
    asked = options_asked(optimizer, group)
    plan = optimizer._plans.get(id(group))
    if plan is None or not plan.holds(asked, arrays, gradients, states):
        check_sparse(optimizer, group, gradients)
        states = states_of(optimizer, group, parameters)
        ways = ways_for(optimizer, group, arrays, gradients, states)
        plan = Plan(asked, ways, arrays, gradients, states)
        optimizer._plans[id(group)] = plan
    try:
        plan.run(optimizer, group, arrays, gradients, states)
    except RuntimeError as error:
        raise with_places_of_state(error, optimizer) from error


def with_gradients(parameters):
    """The parameters that have a gradient, and their gradients: each is read once."""
    every = list(map(GRADIENT, parameters))
    gradients = [grad for grad in every if grad is not None]
    if len(gradients) < len(every):
        pairs = zip(parameters, every, strict=True)
        parameters = [each for each, grad in pairs if grad is not None]
    return parameters, gradients


def check_sparse(optimizer, group, gradients):
    """Raise `RuntimeError` if a gradient is sparse, and no step can be made with it."""
    if not any(map(IS_SPARSE, gradients)):
        return
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


def options_asked(optimizer, group):
    """What decides how a group is executed, beside its tensors."""
    return group.get("fused"), group.get("foreach"), has_kernel(optimizer)


def ways_for(optimizer, group, arrays, gradients, states):
    """How each parameter is executed: as the options ask, or else the fastest way.

    `fused` and `foreach` are None unless the user chose. Then lists are taken for many
    small tensors, where they save time and cost little memory, and the loop for the
    rest: torch's kernels round otherwise than the loop, so they are never the default.
    """
    if optimizer.one_by_one or any(map(IS_SPARSE, gradients)):
        return [single_tensor] * len(arrays)
    if group.get("fused"):
        check_real(arrays)
        lists = multi_tensor if are_plain(arrays) else single_tensor
        usable = has_kernel(optimizer)
        members = zip(arrays, gradients, states, strict=True)
        return [
            fused if usable and fits_kernel(optimizer, group, *each) else lists
            for each in members
        ]
    foreach = group.get("foreach")
    if foreach is None:
        foreach = group.get("fused") is None and foreach_pays(arrays)
    return [multi_tensor if foreach else single_tensor] * len(arrays)


def is_traced(group):
    """Whether autograd, a CUDA graph or a compiler traces the step."""
    asked = group.get("differentiable") or group.get("capturable")
    return asked or torch.compiler.is_compiling()


def are_plain(arrays):
    """Whether arrays are of torch's own types, which lists and kernels know."""
    return set(map(type, arrays)) <= PLAIN_TYPES


def foreach_pays(arrays):
    """Whether lists are quicker: several plain tensors, small ones on a CPU."""
    if len(arrays) < 2 or not are_plain(arrays):
        return False
    small = sum(map(NUMEL, arrays)) <= SMALL * len(arrays)
    return small or all(each.device.type != "cpu" for each in arrays)
