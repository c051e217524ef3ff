"""A list of tensors with the methods of one tensor (foreach=True).

An update rule is written once, in the methods of a tensor: `buffer.mul_(0.9)`. Handed a
`TensorList`, the same text runs over a whole list, in one call of torch's `_foreach_`
operations each. On a GPU one kernel then serves many tensors; on a CPU it saves the way
through Python for each of them.
"""

import torch


class TensorList:
    """Tensors of one device and dtype, behind the methods of one tensor.

    A method `name` is `torch._foreach_name` over the list. Operands are lists of the
    same shapes, or numbers. Methods that end in `_` change the tensors in place and
    return the list; others return a new one.

    Args:
        tensors: tensors of any shapes; `tensors` is a list of them afterwards.

    Raises: `AttributeError` for a method that torch has no `_foreach_` operation for.

    Chapter 14 measures it.

    >>> buffers = TensorList([torch.ones(2), torch.ones(1)])
    >>> buffers.mul_(3).add_(buffers, alpha=2).tensors
    [tensor([9., 9.]), tensor([9.])]
    """

    __slots__ = ("tensors",)

    def __init__(self, tensors):
        self.tensors = list(tensors)

    def __getattr__(self, name):
        """Find a method at its first use; the class keeps it."""
        setattr(TensorList, name, method_of(name))
        return getattr(self, name)

    def clamp_(self, *, min, max=None):
        """Bring what is outside to bounds: numbers, or a list to be the lower."""
        if isinstance(min, TensorList):
            torch._foreach_maximum_(self.tensors, min.tensors)
        else:
            torch._foreach_clamp_min_(self.tensors, min)
            torch._foreach_clamp_max_(self.tensors, max)
        return self

    def item(self):
        """The number in each: it is the same for all, see `multi_tensor`."""
        return self.tensors[0].item()


# What torch has no `_foreach_` operation for, and rules need.
ONE_BY_ONE = {"clone", "eq", "gt", "lt", "fill_", "masked_fill", "masked_fill_"}


def method_of(name):
    """A method of `TensorList` that runs `torch._foreach_name`."""
    if name in ONE_BY_ONE:
        return one_by_one(name)
    foreach = getattr(torch, f"_foreach_{name}", None)
    if foreach is None:
        raise AttributeError(
            f"TensorList has no method {name!r}, since torch has no _foreach_{name}; "
            "an update rule that runs over lists may use those that it has. Write the "
            "rule with other methods, pass foreach=False, or add the method to "
            "helpers/optim/execution/tensor_list.py"
        )
    in_place = name.endswith("_")

    def method(self, *operands, **options):
        lists = [x.tensors if isinstance(x, TensorList) else x for x in operands]
        made = foreach(self.tensors, *lists, **options)
        return self if in_place else TensorList(made)

    return method


def one_by_one(name):
    """A method of `TensorList` that runs a tensor's method on each in turn."""
    run, in_place = getattr(torch.Tensor, name), name.endswith("_")

    def method(self, *operands):
        count = len(self.tensors)
        lists = [
            x.tensors if isinstance(x, TensorList) else [x] * count for x in operands
        ]
        made = [run(*each) for each in zip(self.tensors, *lists, strict=True)]
        return self if in_place else TensorList(made)

    return method
