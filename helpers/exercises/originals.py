"""What an answer must not replace: functions of torch, of our engine, and of Python.

With this module one can
- run code with these functions as they were (Originals), and learn afterwards which of
  them it has replaced.
"""

import builtins
import math
import types
from pathlib import Path

import torch

from helpers import autograd
from helpers.autograd.scalar import Value

_OWNERS = {
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "torch.nn.functional": torch.nn.functional,
    "torch.autograd": torch.autograd,
    "torch.nn.Module": torch.nn.Module,
    "autograd": autograd,
    "autograd.Tensor": autograd.Tensor,
    "Value": Value,
    "math": math,
}
_OF_PYTHON = (
    "abs all any dict enumerate float id int isinstance len list map max min range "
    "reversed set sorted sum tuple zip"
).split()
_FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, type,
    types.WrapperDescriptorType, types.GetSetDescriptorType, property, classmethod,
    staticmethod,
)  # fmt: skip
_ABSENT = object()
_FOLDER = str(Path(torch.__file__).parent)


def _functions(owner):
    """The functions of a module, or of a class with its operators."""
    of_class = isinstance(owner, type)
    return {
        name: value
        for name, value in vars(owner).items()
        if isinstance(value, _FUNCTIONS) and (of_class or not name.startswith("_"))
    }


_RECORDED = {name: _functions(owner) for name, owner in _OWNERS.items()}
_OWNERS["builtins"] = builtins
_RECORDED["builtins"] = {name: getattr(builtins, name) for name in _OF_PYTHON}


class Originals:
    """A block in which the recorded functions are the ones that this course imported.

    What the notebook had replaced before is put back at the end of the block.

    >>> with Originals() as originals:
    ...     torch.add = None
    ...     originals.restore()
    ['torch.add']
    """

    def __enter__(self):
        self.before = list(_replaced())
        self.restore()
        return self

    def __exit__(self, *error):
        self.restore()
        for owner, name, value in self.before:
            if value is not _ABSENT:
                setattr(_OWNERS[owner], name, value)

    def restore(self):
        """Undo every replacement; give the names of what was replaced, as a list."""
        found = list(_replaced())
        for owner, name, _ in found:
            original = _RECORDED[owner].get(name, _ABSENT)
            if original is _ABSENT:
                delattr(_OWNERS[owner], name)
            else:
                setattr(_OWNERS[owner], name, original)
        return [f"{owner}.{name}".removeprefix("builtins.") for owner, name, _ in found]


def _replaced():
    """Owner, name and new value of all that is not as it was recorded."""
    for title, recorded in _RECORDED.items():
        owner = _OWNERS[title]
        now = vars(owner)
        for name, original in recorded.items():
            value = now.get(name, _ABSENT)
            if value is not original and not _is_of_torch(name, value):
                yield title, name, value
        if isinstance(owner, type):
            yield from ((title, name, now[name]) for name in _hiding(owner, recorded))


def _is_of_torch(name, value):
    """Whether torch itself has put this function there, as it does in some imports."""
    code = getattr(value, "__code__", None)
    same_name = getattr(value, "__name__", "") == name
    return same_name and code is not None and code.co_filename.startswith(_FOLDER)


def _hiding(owner, recorded):
    """Names that were added to a class and hide what it inherits."""
    bases = owner.__mro__[1:]
    return [
        name
        for name, value in vars(owner).items()
        if name not in recorded
        and isinstance(value, _FUNCTIONS)
        and any(name in vars(base) for base in bases)
    ]
