"""A plan of a step: which parameters go which way, and for how long that holds."""

from collections import defaultdict
from itertools import chain

from torch._C._dynamo.guards import TensorGuards

from helpers.optim.base.parameters import PLAIN_TYPES


class Plan:
    """Parameters of a group in batches of one way, device, dtype and kinds of state.

    It holds while the same is asked for, and while all tensors stay as they are in
    type, dtype, device, shape and strides. The tensors themselves may be others: torch
    compares all that in one call, the one that guards its compiled functions.

    Args:
        asked: what was asked for, anything that can be compared.
        ways: how each parameter is executed, a function for each.
        arrays, gradients, states: the members, in the same order.
    """

    def __init__(self, asked, ways, arrays, gradients, states):
        self.asked = asked
        kinds = [(each.device, each.dtype) for each in arrays]
        keys = zip(ways, kinds, map(tuple, states), strict=True)
        self.batches = places_by_key(keys)
        names = set(map(tuple, states))
        self.names = names.pop() if len(names) == 1 else None
        tensors = self.watched(arrays, gradients, states)
        plain = tensors and set(map(type, tensors)) <= PLAIN_TYPES
        self.guards = guards_of(tensors) if plain else None
        self.count = len(tensors) if plain else 0

    def watched(self, arrays, gradients, states):
        """All tensors of a step; None if the states don't have the plan's names."""
        if self.names is None or set(map(len, states)) != {len(self.names)}:
            return None
        try:
            kept = map(states.column, self.names)
            return [*arrays, *gradients, *chain.from_iterable(kept)]
        except KeyError:
            return None

    def holds(self, asked, arrays, gradients, states):
        """Whether the plan is still that of these members."""
        if self.guards is None or states is None or asked != self.asked:
            return False
        tensors = self.watched(arrays, gradients, states)
        same_count = tensors is not None and len(tensors) == self.count
        return same_count and self.guards.check(*tensors)

    def run(self, optimizer, group, *members):
        """Execute each batch in its way."""
        if len(self.batches) == 1:
            ((way, *_),) = self.batches
            way(optimizer, group, *members)
            return
        for (way, *_), places in self.batches.items():
            way(optimizer, group, *(picked(each, places) for each in members))


def guards_of(tensors):
    """What compares tensors with these in type, dtype, device, shape and strides."""
    return TensorGuards(*tensors, dynamic_dims_sizes=None, dynamic_dims_strides=None)


def places_by_key(keys):
    """The places of equal keys, by key."""
    places = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return places


def picked(members, places):
    """The members at some places, in a list of the same kind."""
    return type(members)([members[place] for place in places])
