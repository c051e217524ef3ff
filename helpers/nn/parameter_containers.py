"""Containers of parameters: a list and a dict that register what is in them."""

from collections.abc import Iterable, Mapping

from helpers.nn.module import Module
from helpers.nn.parameter import Parameter


class ParameterList(Module):
    """A list of parameters that are registered.

    Args:
        values: any iterable of tensors; what is no Parameter becomes one.

    >>> import torch
    >>> scales = ParameterList([torch.ones(2), torch.ones(3)])
    >>> [name for name, parameter in scales.named_parameters()]
    ['0', '1']

    Source: torch.nn.ParameterList. Built in chapter 08.
    """

    def __init__(self, values=()):
        super().__init__()
        self.extend(values)

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters.values())

    def __getitem__(self, place):
        return list(self)[place]

    def __setitem__(self, place, value):
        name = list(self._parameters)[place]
        setattr(self, name, as_parameter(value))

    def append(self, value):
        """Add a parameter at the end; return this list."""
        self.register_parameter(str(len(self)), as_parameter(value))
        return self

    def extend(self, values):
        """Add several at the end; return this list."""
        for value in values:
            self.append(value)
        return self

    def extra_repr(self):
        """A line for each: dtype and shape."""
        return "\n".join(
            f"  ({place}): Parameter containing: [{each.dtype} of size "
            f"{'x'.join(map(str, each.shape))}]"
            for place, each in enumerate(self)
        )


class ParameterDict(Module):
    """A dict of parameters that are registered, under names without dots.

    Args:
        values: a dict, or pairs, of tensors; what is no Parameter becomes one.

    >>> import torch
    >>> scales = ParameterDict({"left": torch.ones(2), "right": torch.ones(3)})
    >>> [name for name, parameter in scales.named_parameters()]
    ['left', 'right']

    Source: torch.nn.ParameterDict, but a plain dict keeps its order here, and all that
    is in it is a parameter. Built in chapter 08.
    """

    def __init__(self, values=()):
        super().__init__()
        self.update(values)

    def __getitem__(self, key):
        return self._parameters[key]

    def __setitem__(self, key, value):
        if key in self._parameters:
            setattr(self, key, as_parameter(value))
        else:
            self.register_parameter(key, as_parameter(value))

    def __delitem__(self, key):
        del self._parameters[key]

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters)

    def __reversed__(self):
        return reversed(self._parameters)

    def __contains__(self, key):
        return key in self._parameters

    def __or__(self, other):
        found = self.copy()
        found.update(other)
        return found

    def __ror__(self, other):
        found = other.copy()
        found.update(self)
        return found

    def __ior__(self, other):
        self.update(other)
        return self

    def keys(self):
        """The names."""
        return self._parameters.keys()

    def values(self):
        """The parameters."""
        return self._parameters.values()

    def items(self):
        """The names and the parameters, in pairs."""
        return self._parameters.items()

    def get(self, key, default=None):
        """The parameter of a name, or `default`."""
        return self._parameters.get(key, default)

    def setdefault(self, key, default):
        """The parameter of a name, which becomes `default` if there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key):
        """Take a parameter out, and return it."""
        return self._parameters.pop(key)

    def popitem(self):
        """Take out the last name and its parameter, and return both."""
        return self._parameters.popitem()

    def clear(self):
        """Take all out."""
        self._parameters.clear()

    def copy(self):
        """A new dict of the same parameters."""
        return ParameterDict(self.items())

    def fromkeys(self, keys, default):
        """A new dict in which each of the names has a parameter around `default`."""
        return ParameterDict((key, default) for key in keys)

    def update(self, values):
        """Add those of a dict, or of pairs; TypeError for what is neither."""
        if not isinstance(values, Iterable):
            raise TypeError(
                "ParametersDict.update should be called with an iterable of key/value "
                f"pairs, but got {type(values).__name__}. Pass a dict"
            )
        is_dict = isinstance(values, Mapping | ParameterDict)
        for key, value in values.items() if is_dict else values:
            self[key] = value

    def extra_repr(self):
        """A line for each: kind and shape."""
        return "\n".join(
            f"  ({key}): Parameter containing: [{kind_of(each)} of size "
            f"{'x'.join(map(str, each.shape))}]"
            for key, each in self.items()
        )

    def __call__(self, input):
        """Refuse the call, as torch."""
        raise RuntimeError(
            "ParameterDict should not be called. Call a module that reads it"
        )


def kind_of(parameter):
    """torch's name of a tensor's kind, such as torch.FloatTensor."""
    return parameter.data.type()


def as_parameter(value):
    """A Parameter, around what is none yet."""
    return value if isinstance(value, Parameter) else Parameter(value)
