"""Arrays for a kernel: big parameters as they are, small ones in flat buffers.

Beware of `reseat`: it replaces `parameter.data`.
"""

from operator import methodcaller

import torch
from torch.autograd.graph import increment_version

from helpers.optim.base.parameters import array_of, arrays_of, gradients_of

ADDRESS = methodcaller("data_ptr")


class SingleParameter:
    """One parameter that a kernel changes where it lies.

    `parameter` has a gradient; `state` is its state, whose tensors have its shape.
    """

    def __init__(self, parameter, state):
        self.parameter = parameter
        kept = {name: state[name] for name in state if name != "step"}
        self.state = {name: with_dimension(kept[name]) for name in kept}

    def gather(self):
        """What the kernel takes: the parameter, its gradient, its state."""
        pair = array_of(self.parameter), array_of(self.parameter.grad)
        return *map(with_dimension, pair), self.state

    def is_current(self):
        """Always: the parameter is looked up at each step."""
        return True

    def scatter(self):
        """Nothing: the kernel has changed the parameter itself."""


class FlatBuffers:
    """Many small parameters as one long array, as FSDP's flat parameters are.

    Their state moves into long arrays for good; what `optimizer.state` holds are views
    of them. Gradients are gathered at each step. The parameters move too, if nobody
    else shares their memory: see `reseat`. Else they are gathered, and scattered again.
    """

    def __init__(self, members):
        self.parameters = [parameter for parameter, _ in members]
        arrays = arrays_of(self.parameters)
        self.all_flat = all(each.dim() == 1 for each in arrays)
        self.values = torch.cat([each.detach().reshape(-1) for each in arrays])
        self.gradient = torch.empty_like(self.values)
        self.value_views = views_like(self.values, arrays)
        self.gradient_views = views_like(self.gradient, arrays)
        self.state = flatten_state([state for _, state in members], arrays)
        self.addresses = None
        if all(map(owns_memory, arrays)):
            reseat(self.parameters, self.value_views)
            self.addresses = self.addresses_now()

    def is_current(self):
        """Whether the parameters are where they were left."""
        return self.addresses is None or self.addresses == self.addresses_now()

    def addresses_now(self):
        """The addresses of the parameters' memory."""
        return list(map(ADDRESS, arrays_of(self.parameters)))

    def gather(self):
        """What the kernel takes: parameters, gradients and state, gathered."""
        if self.addresses is None:
            torch._foreach_copy_(self.value_views, arrays_of(self.parameters))
        gradients = gradients_of(self.parameters)
        if self.all_flat:
            torch.cat(gradients, out=self.gradient)
        else:
            torch._foreach_copy_(self.gradient_views, gradients)
        return self.values, self.gradient, self.state

    def scatter(self):
        """Give each parameter its new value, and tell autograd that it has changed."""
        if self.addresses is None:
            torch._foreach_copy_(arrays_of(self.parameters), self.value_views)
        else:
            increment_version(arrays_of(self.parameters))


def reseat(parameters, views):
    """Warning: put each parameter into other memory, by `parameter.data = view`.

    `views` are parts of one long array that hold the parameters' values. From then on
    each parameter has another address (`data_ptr`), and all share one memory. Whoever
    has kept the old address reads old numbers: a CUDA graph, a bucket of
    DistributedDataParallel, a NumPy view. So it is done only to parameters for whom
    `owns_memory` holds; what shares memory later on keeps the whole long array alive.

    It halves the time of a step for many small parameters, which would otherwise be
    copied into the long array and back. `fused=True` alone does it.
    """
    increment_version(arrays_of(parameters))  # a graph that has saved them shall notice
    for parameter, view in zip(parameters, views, strict=True):
        parameter.data = view


def owns_memory(array):
    """Whether an array lies in order, and no other tensor or process uses its memory.

    torch has no public count of who uses a memory; without one, nothing is moved.
    """
    count = getattr(torch._C, "_storage_Use_Count", None)
    if count is None or array.is_shared() or not array.is_contiguous():
        return False
    storage = array.untyped_storage()
    return count(storage._cdata) <= 2  # `storage`, and the array itself


def with_dimension(array):
    """A 0-d array as one of one element, in the same memory; others as they are.

    torch's compiler takes a 0-d float64 array on the CPU for a number, and loses what
    is written into it.
    """
    return array.view(1) if array.dim() == 0 else array


def views_like(flat, arrays):
    """Views of one long array, one after the other, in the shapes of others."""
    parts = flat.split([each.numel() for each in arrays])
    return [part.view(each.shape) for part, each in zip(parts, arrays, strict=True)]


def flatten_state(states, arrays):
    """Long arrays with the state of many parameters, who keep views of them."""
    packed = {}
    for name in [each for each in states[0] if each != "step"]:
        packed[name] = torch.cat([state[name].reshape(-1) for state in states])
        views = views_like(packed[name], arrays)
        for state, view in zip(states, views, strict=True):
            state[name] = view
    return packed
