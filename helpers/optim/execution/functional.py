"""A tensor whose in-place methods change nothing that others see.

An update rule is written in methods that change tensors in place. `Functional` gives
them out of place: each step of the rule makes a new array, and what it made is written
back at the end. That is what a compiler wants, which then merges all into one kernel,
and what a step needs through which gradients flow (`differentiable=True`). Numbers may
be 0-d tensors here: a learning rate that is a tensor needs no new compilation when it
changes, and gets a gradient if it wants one.
"""

import torch

from helpers.optim.execution.vocabulary import Vocabulary


def in_place(method):
    """The method that keeps in its object what another returns."""

    def change(self, *args, **kwargs):
        self.array = method(self, *args, **kwargs).array
        return self

    return change


class Functional(Vocabulary):
    """One array behind the methods that update rules use; `array` is the latest value.

    >>> array = torch.ones(2)
    >>> value = Functional(array)
    >>> value.mul_(3).add_(value, alpha=torch.tensor(2.0)).array
    tensor([9., 9.])
    >>> array
    tensor([1., 1.])
    """

    __slots__ = ("array",)

    def __init__(self, array):
        self.array = array

    def add(self, other, *, alpha=1):
        if not isinstance(other, Functional):
            return Functional(self.array + other)
        if isinstance(alpha, (int, float)):
            return Functional(self.array.add(other.array, alpha=alpha))
        return Functional(self.array + other.array * alpha)

    add_ = in_place(add)

    def addcmul(self, first, second, *, value=1):
        return self.add(Functional(first.array * second.array), alpha=value)

    addcmul_ = in_place(addcmul)

    def addcdiv_(self, over, under, *, value=1):
        return self.add_(Functional(over.array / under.array), alpha=value)

    def mul_(self, number):
        self.array = self.array * number
        return self

    def div_(self, number):
        self.array = self.array / number
        return self

    def lerp_(self, end, weight):
        if isinstance(weight, (int, float)):
            self.array = torch.lerp(self.array, end.array, weight)
        else:
            self.array = self.array + (end.array - self.array) * weight
        return self

    def clamp_(self, *, min):
        self.array = torch.maximum(self.array, min.array)
        return self

    def sqrt(self):
        return Functional(self.array.sqrt())

    def clone(self):
        return Functional(self.array.clone())


def update_once(update, parameter, gradient, state, at, keep=False):
    """Run a rule on new values and write them back: one step for one tensor.

    `state` is a dict of arrays and `at` the options of the step, both as
    `Optimizer.update` describes them. What the rule adds to the state is added here
    too. With `keep` the rule reads copies: autograd saves some of what it reads, and
    that must not change when the new values are written.
    """
    first = parameter.clone() if keep else parameter
    firsts = {name: state[name].clone() if keep else state[name] for name in state}
    value = Functional(first)
    values = {name: Functional(array) for name, array in firsts.items()}
    update(value, Functional(gradient), values, at)
    parameter.copy_(value.array)
    for name, changed in values.items():
        if name not in state:
            state[name] = changed.array
        elif changed.array is not firsts[name]:
            state[name].copy_(changed.array)
