"""The arrays that a training step reads and changes, in one order.

With this module one can: list the tensors of a model and its criterion (`Tensors`), and
those of an optimizer's state (`States`).
"""

from itertools import chain
from operator import attrgetter

import torch

from helpers.fast.errors import CaptureError
from helpers.nn.functional_call import named_tensors
from helpers.optim.base.parameters import arrays_of, is_parameter

PLAIN = (bool, int, float, str, type(None))  # what a graph holds as a constant
KIND = attrgetter("shape", "dtype", "device", "requires_grad")


class Tensors:
    """The parameters and buffers of a model and a criterion, each once.

    Args:
        model: a torch.nn.Module, or one of ours.
        criterion: a module too, or a function, which has none.

    `each` lists them; `names` holds for model and criterion a dict from path to place
    in that list, in which tied tensors share a place.
    """

    def __init__(self, model, criterion):
        self.each, self.places = [], {}
        self.names = [self.add(model), self.add(criterion)]

    def add(self, module):
        """List the tensors of a module; where each of its paths leads."""
        if not is_module(module):
            return {}
        return {name: self.place(tensor) for name, tensor in named_tensors(module)}

    def place(self, tensor):
        """Where a tensor stands; at the end, if it is new."""
        if id(tensor) not in self.places:
            self.places[id(tensor)] = len(self.each)
            self.each.append(tensor)
        return self.places[id(tensor)]

    def places_of_groups(self, optimizer):
        """For each group of an optimizer, where its parameters stand.

        Raises `CaptureError` for a parameter of another model.
        """
        groups = optimizer.param_groups
        for place, group in enumerate(groups):
            for parameter in group["params"]:
                if id(parameter) not in self.places:
                    raise foreign(place, parameter)
        return [[self.places[id(p)] for p in group["params"]] for group in groups]

    def arrays(self):
        """The raw arrays, as they are now."""
        return arrays_of(self.each)

    def device(self):
        """Where the first tensor lies: that of the step."""
        return self.each[0].device


def is_module(thing):
    """Whether a thing is a module, torch's or ours."""
    return hasattr(thing, "named_parameters") and hasattr(thing, "named_buffers")


def foreign(place, parameter):
    """The error for a parameter that the model hasn't."""
    return CaptureError(
        f"The optimizer's group {place} holds a parameter of shape "
        f"{tuple(parameter.shape)} that is neither the model's nor the criterion's. A "
        "captured step moves theirs alone: build the optimizer from "
        "model.parameters(), and after the model was changed"
    )


class States:
    """The tensors in an optimizer's state, in the order of its parameters.

    `slots` says where each stands: pairs of a parameter's dict and a name. They are
    looked for again whenever a dict, a name in one, or the type of a value is another.
    """

    def __init__(self, optimizer):
        self.optimizer, self.seen = optimizer, None

    def arrays(self):
        """The raw arrays, as they are now."""
        state = self.optimizer.state
        dicts = list(state.values())
        types = list(map(type, chain.from_iterable(map(dict.values, dicts))))
        seen = list(map(id, state)), list(map(id, dicts)), list(map(list, dicts)), types
        if seen != self.seen:
            self.slots = self.find()
            self.names = [name for _, name in self.slots]
            self.seen, self.kept = seen, dicts  # which keeps their ids theirs
        return arrays_of([each[name] for each, name in self.slots])

    def find(self):
        """The slots, as they are now."""
        return [
            (state, name)
            for group in self.optimizer.param_groups
            for parameter in group["params"]
            for state in [self.optimizer.state.get(parameter, {})]
            for name, value in state.items()
            if is_parameter(value)
        ]


def spec(array):
    """What a graph relies on in an array: all but the numbers in it."""
    return KIND(array), array.stride()


def specs(arrays):
    """What a graph relies on in many arrays."""
    return list(zip(map(KIND, arrays), map(torch.Tensor.stride, arrays), strict=True))


def in_words(given):
    """A spec for a reader.

    >>> import torch
    >>> in_words(spec(torch.ones(2, 3)))
    'float32 (2, 3) on cpu'
    """
    (shape, dtype, device, requires_grad), _ = given
    words = f"{str(dtype).removeprefix('torch.')} {tuple(shape)} on {device}"
    return words + ", requiring grad" * requires_grad


def differing(before, now):
    """Those values of a dict that are others in another."""
    missing = object()
    return {n: v for n, v in before.items() if now.get(n, missing) != v}
