"""A list of tensors with the methods of one tensor.

An update rule is written once, in the methods of a tensor: `buffer.mul_(0.9)`. Handed a
`TensorList`, the same text runs over a whole list, in one call of torch's `_foreach_`
operations each. On a GPU one kernel then serves many tensors; on a CPU it saves the way
through Python for each of them.
"""

import torch

from helpers.optim.execution.vocabulary import Vocabulary


class TensorList(Vocabulary):
    """Tensors of one device and dtype, behind the methods that update rules use.

    `tensors` is a list of tensors of any shapes. Methods are those of `Vocabulary`;
    the other operands are lists of the same shapes, or numbers. Those that end in `_`
    change the tensors in place. Chapter 14 measures it.

    >>> buffers = TensorList([torch.ones(2), torch.ones(1)])
    >>> buffers.mul_(3).add_(buffers, alpha=2).tensors
    [tensor([9., 9.]), tensor([9.])]
    """

    __slots__ = ("tensors",)

    def __init__(self, tensors):
        self.tensors = list(tensors)

    def add(self, other, *, alpha=1):
        return TensorList(torch._foreach_add(self.tensors, other.tensors, alpha=alpha))

    def add_(self, other, *, alpha=1):
        if isinstance(other, TensorList):
            torch._foreach_add_(self.tensors, other.tensors, alpha=alpha)
        else:
            torch._foreach_add_(self.tensors, other)
        return self

    def mul_(self, number):
        torch._foreach_mul_(self.tensors, number)
        return self

    def div_(self, number):
        torch._foreach_div_(self.tensors, number)
        return self

    def lerp_(self, end, weight):
        torch._foreach_lerp_(self.tensors, end.tensors, weight)
        return self

    def addcmul(self, first, second, *, value=1):
        lists = self.tensors, first.tensors, second.tensors
        return TensorList(torch._foreach_addcmul(*lists, value=value))

    def addcmul_(self, first, second, *, value=1):
        lists = self.tensors, first.tensors, second.tensors
        torch._foreach_addcmul_(*lists, value=value)
        return self

    def addcdiv_(self, over, under, *, value=1):
        lists = self.tensors, over.tensors, under.tensors
        torch._foreach_addcdiv_(*lists, value=value)
        return self

    def clamp_(self, *, min):
        torch._foreach_maximum_(self.tensors, min.tensors)
        return self

    def sqrt(self):
        return TensorList(torch._foreach_sqrt(self.tensors))

    def clone(self):
        return TensorList([each.clone() for each in self.tensors])
