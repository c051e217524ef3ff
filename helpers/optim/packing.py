"""Arrays for a kernel: a big one as it is, many small ones gathered into a long one."""

import torch

from helpers.optim.parameters import array_of


class Row:
    """One parameter that a kernel changes where it lies.

    `parameter` has a gradient; `state` is its state, whose tensors have its shape.
    """

    def __init__(self, parameter, state):
        self.parameter = parameter
        kept = {name: state[name] for name in state if name != "step"}
        self.state = {name: with_dimension(kept[name]) for name in kept}

    def arrays(self, reads):
        """What the kernel takes: the parameter, its gradient, its state."""
        pair = array_of(self.parameter), array_of(self.parameter.grad)
        return *map(with_dimension, pair), self.state

    def hand_out(self, reads):
        """Nothing: the kernel has changed the parameter itself."""


class Pack:
    """Many small parameters as one long array.

    Their state moves into long arrays for good; what `optimizer.state` holds are views
    of them. Gradients are gathered at each step. The parameters stay where they are:
    moving them too would be faster, and would break what else shares their memory. If
    the rule doesn't read them, it starts from zeros, and they are added what it made.
    """

    def __init__(self, members):
        self.parameters = [parameter for parameter, _ in members]
        arrays = [array_of(each) for each in self.parameters]
        self.all_flat = all(each.dim() == 1 for each in arrays)
        length = sum(each.numel() for each in arrays)
        self.values = arrays[0].new_zeros(length)
        self.gradient = arrays[0].new_zeros(length)
        self.value_views = views_like(self.values, arrays)
        self.gradient_views = views_like(self.gradient, arrays)
        self.state = pack_state([state for _, state in members], arrays)

    def arrays(self, reads):
        """What the kernel takes: parameters, gradients and state, gathered."""
        if reads:
            arrays = [array_of(each) for each in self.parameters]
            torch._foreach_copy_(self.value_views, arrays)
        else:
            self.values.zero_()
        gradients = [array_of(each.grad) for each in self.parameters]
        if self.all_flat:
            torch.cat(gradients, out=self.gradient)
        else:
            torch._foreach_copy_(self.gradient_views, gradients)
        return self.values, self.gradient, self.state

    def hand_out(self, reads):
        """Give each parameter its new value."""
        arrays = [array_of(each) for each in self.parameters]
        give = torch._foreach_copy_ if reads else torch._foreach_add_
        give(arrays, self.value_views)


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


def pack_state(states, arrays):
    """Long arrays with the state of many parameters, who keep views of them."""
    packed = {}
    for name in [each for each in states[0] if each != "step"]:
        packed[name] = torch.cat([state[name].reshape(-1) for state in states])
        views = views_like(packed[name], arrays)
        for state, view in zip(states, views, strict=True):
            state[name] = view
    return packed
