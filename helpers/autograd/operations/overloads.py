"""Functions of one name that are several: of all elements, or along a dimension."""

import torch

from helpers.autograd.operations.declare import functions_named
from helpers.autograd.registry import register
from helpers.autograd.tensor.tensor import Tensor

BEYOND_ALL = {"dim", "keepdim", "other"}


def overloads(name, of_all, along, of_two=None):
    """Enter a rule for torch's functions of a name, which looks at the arguments.

    Args:
        name: the name, such as "max".
        of_all: the operation on all elements of one array.
        along: the operation along a dimension.
        of_two: the function of two arrays, if there is one.
    """

    def rule(function, args, kwargs):
        if len(args) < 2 and BEYOND_ALL.isdisjoint(kwargs):
            return of_all(function, args, kwargs)
        second = args[1] if len(args) > 1 else kwargs.get("other")
        if isinstance(second, (torch.Tensor, Tensor)):
            return of_two(args[0], second)
        return along(function, args, kwargs)

    register(functions_named(name), rule)
