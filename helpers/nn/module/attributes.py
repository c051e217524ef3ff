"""What happens when something is assigned to an attribute of a module.

With this module one can: register parameters, buffers and modules, by assignment or by
name; read and delete them as attributes; find one by its path ("layers.0.weight").
"""

import torch

from helpers.autograd import Tensor
from helpers.nn.module.naming import (
    OF_TORCH,
    check_free,
    check_ready,
    refuse_kind,
)
from helpers.nn.parameter import Parameter

TABLES = ("_parameters", "_buffers", "_modules")


class Attributes:
    """The part of a Module that keeps its parameters, buffers and modules apart.

    Three tables hold them, by name, in the order of registration; a value of None keeps
    a name free for later. What stands in a table is no attribute of Python's:
    `__setattr__` puts it there, and `__getattr__`, which Python calls when it finds
    nothing else, takes it out.
    """

    training = True

    def __init__(self):
        self.__dict__.update(
            _parameters={}, _buffers={}, _modules={}, _non_persistent_buffers_set=set()
        )
        super().__init__()

    # Registration

    def register_parameter(self, name: str, param: "Parameter | None"):
        """Add a parameter, to be reached as the attribute `name`.

        Args:
            name: without dots.
            param: a Parameter, or None for one that is not there.

        Raises: TypeError for another kind; KeyError for a name that can't be used.
        """
        check_ready(self, "_parameters", "parameter")
        check_free(self, "parameter", name, self._parameters)
        if not isinstance(param, Parameter | None):
            refuse_kind(param, f"object to parameter '{name}'", "torch.nn.Parameter",
                        "required")  # fmt: skip
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor, persistent: bool = True):
        """Add a tensor that is no parameter but moves and is saved with the module.

        Args:
            name: without dots.
            tensor: a Tensor; a raw torch tensor, which is wrapped in one, sharing its
                memory; or None.
            persistent: whether `state_dict()` holds it.

        Raises: TypeError for another kind; KeyError for a name that can't be used.

        >>> from helpers.nn import Module
        >>> module = Module()
        >>> module.register_buffer("mean", torch.zeros(2))
        >>> module.mean
        tensor([0., 0.])
        """
        check_ready(self, "_buffers", "buffer")
        check_free(self, "buffer", name, self._buffers)
        if not isinstance(tensor, Tensor | torch.Tensor | None):
            refuse_kind(
                tensor, f"object to buffer '{name}'", "torch Tensor", "required"
            )
        self._buffers[name] = as_buffer(tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def register_module(self, name: str, module: "Attributes | None"):
        """Add a module as a part, to be reached as the attribute `name`.

        Raises: TypeError for another kind; KeyError for a name that can't be used.
        """
        check_ready(self, "_modules", "module")
        if not isinstance(module, Attributes | None):
            raise TypeError(
                f"{torch.typename(module)} is not a Module subclass; parts of a module "
                f"are Modules of helpers.nn or None. {OF_TORCH}"
            )
        check_free(self, "module", name, self._modules)
        self._modules[name] = module

    add_module = register_module

    # Attributes

    def __setattr__(self, name, value):
        if isinstance(value, Parameter):
            check_ready(self, "_parameters", "parameters")
            self._forget(name, "_parameters")
            self.register_parameter(name, value)
        elif (table := self._table_with(name)) == "_parameters":
            self._replace(table, name, value)
        elif isinstance(value, Attributes):
            check_ready(self, "_modules", "module")
            self._forget(name, "_modules")
            self._modules[name] = value
        elif table is not None:
            self._replace(table, name, value)
        elif isinstance(value, torch.nn.Module | torch.nn.Parameter):
            refuse_kind(value, f"as '{name}'", "helpers.nn's own kind", "expected")
        else:
            super().__setattr__(name, value)

    def _forget(self, name, but):
        """Make room for a name: whatever it stood for, but in one of the tables."""
        self.__dict__.pop(name, None)
        for table in TABLES:
            if table != but:
                self.__dict__[table].pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def _table_with(self, name):
        """The table in which a name stands; None if in none."""
        for table in TABLES:
            if name in self.__dict__.get(table, ()):
                return table
        return None

    def _replace(self, table, name, value):
        """Put a value in the place of a registered one; None keeps the name free."""
        if table == "_buffers":
            if not isinstance(value, Tensor | torch.Tensor | None):
                refuse_kind(value, f"as buffer '{name}'", "torch.Tensor", "expected")
            value = as_buffer(value)
        elif value is not None:
            kind = "parameter" if table == "_parameters" else "child module"
            own = "torch.nn.Parameter" if kind == "parameter" else "torch.nn.Module"
            refuse_kind(value, f"as {kind} '{name}'", own, "expected")
        self.__dict__[table][name] = value

    def __getattr__(self, name):
        held = self.__dict__
        for table in TABLES:
            if table in held and name in held[table]:
                return held[table][name]
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{name}'"
        )

    def __delattr__(self, name):
        table = self._table_with(name)
        if table is None:
            super().__delattr__(name)
        else:
            del self.__dict__[table][name]
            self._non_persistent_buffers_set.discard(name)

    def __dir__(self):
        names = [*super().__dir__()]
        for table in TABLES:
            names += self.__dict__[table]
        return sorted({name for name in names if not name[0].isdigit()})

    # By path

    def get_submodule(self, target: str):
        """The module at a path such as "layers.0"; "" is this one.

        AttributeError if there is nothing, or no module.
        """
        found = self
        for name in target.split(".") if target else ():
            if not hasattr(found, name):
                raise AttributeError(f"{found._get_name()} has no attribute `{name}`")
            found = getattr(found, name)
            if not isinstance(found, Attributes):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path such as "layers.0.weight"; AttributeError if none."""
        return self._get_tensor(target, "_parameters", "an nn.Parameter")

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path such as "norm.running_mean"; AttributeError if none."""
        return self._get_tensor(target, "_buffers", "a buffer")

    def _get_tensor(self, target, table, kind):
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        if not hasattr(owner, name):
            raise AttributeError(f"{owner._get_name()} has no attribute `{name}`")
        if owner.__dict__[table].get(name) is None:
            raise AttributeError(f"`{name}` is not {kind}")
        return owner.__dict__[table][name]


def as_buffer(tensor):
    """A Tensor, also around a raw torch tensor; None stays None."""
    return Tensor(tensor) if isinstance(tensor, torch.Tensor) else tensor
