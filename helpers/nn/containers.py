"""Containers: modules in lists and dicts that register them.

With this module one can
- run modules one after the other (Sequential),
- keep modules in a list or a dict (ModuleList, ModuleDict).

Parameters have such in `parameter_containers.py`. A plain Python list or dict registers
nothing: what is in it is not trained, not moved and not saved.
"""

import operator
from collections.abc import Mapping

from helpers.nn.module import Module
from helpers.nn.module.printing import list_in_words


class Numbered(Module):
    """What `Sequential` and `ModuleList` share: parts in order, found by number."""

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def __getitem__(self, place):
        if isinstance(place, slice):
            return self._of_some(list(self._modules.items())[place])
        return self._modules[self._name_at(place)]

    def __setitem__(self, place, module):
        setattr(self, self._name_at(place), module)

    def __delitem__(self, place):
        names = list(self._modules)
        gone = names[place] if isinstance(place, slice) else [self._name_at(place)]
        for name in gone:
            delattr(self, name)
        self._renumber(self)

    def _renumber(self, modules):
        """Keep these modules, numbered from 0."""
        self._modules = {str(place): each for place, each in enumerate(modules)}

    def _name_at(self, place):
        """The name of the part with a number; those below 0 count from the end."""
        count, place = len(self), operator.index(place)
        if not -count <= place < count:
            raise IndexError(
                f"index {place} is out of range; there are {count} modules, numbered "
                f"from 0, or from -{count}"
            )
        return list(self._modules)[place]

    def append(self, module):
        """Add a module at the end; return this one."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules):
        """Add several at the end; return this one."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index, module):
        """Put a module in before the one with a number; the others move on."""
        modules = list(self)
        modules.insert(index, module)
        self.append(module)  # refuses what is no module
        self._renumber(modules)

    def pop(self, key):
        """Take a module out, and return it."""
        module = self[key]
        del self[key]
        return module


class Sequential(Numbered):
    """Modules, each fed with what the one before gives.

    Args: the modules in order; or a dict of them, whose keys become their names.

    >>> import torch
    >>> from helpers.nn import Linear, ReLU
    >>> Sequential(Linear(2, 3), ReLU(), Linear(3, 1))(torch.ones(5, 2)).shape
    torch.Size([5, 1])

    Source: torch.nn.Sequential. Built in chapter 08.
    """

    def __init__(self, *modules):
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named = modules[0].items()
        else:
            named = ((str(place), each) for place, each in enumerate(modules))
        for name, module in named:
            self.add_module(name, module)

    def forward(self, input):
        """What the last gives."""
        for module in self._modules.values():
            input = module(input)
        return input

    def _of_some(self, named):
        return Sequential(dict(named))


class ModuleList(Numbered):
    """A list of modules that are registered; how they are called is up to its owner.

    Args:
        modules: any iterable of them.

    >>> from helpers.nn import Linear
    >>> layers = ModuleList(Linear(2, 2) for _ in range(3))
    >>> len(list(layers.parameters()))
    6

    Source: torch.nn.ModuleList. Built in chapter 08.
    """

    __repr__ = list_in_words

    def __init__(self, modules=()):
        super().__init__()
        self.extend(modules)

    def __iadd__(self, modules):
        return self.extend(modules)

    def _of_some(self, named):
        return ModuleList(module for _, module in named)


class ModuleDict(Module):
    """A dict of modules that are registered, under names without dots.

    Args:
        modules: a dict, or pairs.

    >>> from helpers.nn import ReLU, Tanh
    >>> choices = ModuleDict({"relu": ReLU(), "tanh": Tanh()})
    >>> choices["tanh"]
    Tanh()

    Source: torch.nn.ModuleDict. Built in chapter 08.
    """

    def __init__(self, modules=()):
        super().__init__()
        self.update(modules)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        del self._modules[key]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def __contains__(self, key):
        return key in self._modules

    def keys(self):
        """The names."""
        return self._modules.keys()

    def values(self):
        """The modules."""
        return self._modules.values()

    def items(self):
        """The names and the modules, in pairs."""
        return self._modules.items()

    def update(self, modules):
        """Add those of a dict, or of pairs."""
        for key, module in dict(modules).items():
            self[key] = module
