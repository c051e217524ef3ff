"""A tensor whose in-place methods change nothing that others see.

An update rule is written in methods that change tensors in place. `Functional` gives
them out of place: each step of the rule makes a new array, and what it made is written
back at the end. That is what a compiler wants, which then merges all into one kernel,
and what a step needs through which gradients flow (`differentiable=True`). Numbers may
be 0-d tensors here: a learning rate that is a tensor needs no new compilation when it
changes, and gets a gradient if it wants one.
"""

import torch

from helpers.optim.base.parameters import is_parameter


def in_place(method):
    """The method that keeps in its object what another returns."""

    def change(self, *args, **kwargs):
        self.array = method(self, *args, **kwargs).array
        return self

    change.__doc__ = f"{method.__doc__} In place."
    return change


class Functional:
    """One array behind the methods in which update rules are written.

    Each means what the method of `torch.Tensor` means, with operands that are
    `Functional`s too, except where a number is said. A rule that keeps to these words
    runs in every way: on plain tensors, on lists and through a compiler.

    Args:
        array: a tensor, which is not changed; `array` is the latest value afterwards.

    Raises: `AttributeError` for a method that is not written here.

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

    def __getattr__(self, name):
        raise AttributeError(
            f"Functional has no method {name!r}; an update rule that is "
            f"differentiable or capturable may use {', '.join(WORDS)}. Write the "
            "rule with these, leave those options out, or add the method to "
            "helpers/optim/execution/functional.py"
        )

    def add(self, other, *, alpha=1):
        """The sum of this and alpha * other; or of this and a number."""
        if not isinstance(other, Functional):
            return Functional(self.array + other)
        if isinstance(alpha, (int, float)):
            return Functional(self.array.add(other.array, alpha=alpha))
        return Functional(self.array + other.array * alpha)

    def addcmul(self, first, second, *, value=1):
        """The sum of this and value * first * second."""
        return self.add(Functional(first.array * second.array), alpha=value)

    def addcdiv(self, over, under, *, value=1):
        """The sum of this and value * over / under."""
        return self.add(Functional(over.array / under.array), alpha=value)

    def mul(self, other):
        """The product of this and another, or a number."""
        return Functional(self.array * array_in(other))

    def div(self, other):
        """The quotient of this and another, or a number."""
        return Functional(self.array / array_in(other))

    def reciprocal(self):
        """One over each element."""
        return Functional(self.array.reciprocal())

    def abs(self):
        """The absolute value of each element."""
        return Functional(self.array.abs())

    def sign(self):
        """-1, 0 or 1 for each element."""
        return Functional(self.array.sign())

    def lerp(self, end, weight):
        """The part `weight`, a number from 0 to 1, of the way from this to `end`."""
        if isinstance(weight, (int, float)):
            return Functional(torch.lerp(self.array, end.array, weight))
        return Functional(self.array + (end.array - self.array) * weight)

    def clamp(self, *, min, max=None):
        """What is outside brought to bounds: numbers, or another to be the lower."""
        if isinstance(min, Functional):
            return Functional(torch.maximum(self.array, min.array))
        return Functional(self.array.clamp(min, max))

    def eq(self, number):
        """Whether each element is a number."""
        return Functional(self.array == number)

    def gt(self, number):
        """Whether each element is above a number."""
        return Functional(self.array > number)

    def lt(self, number):
        """Whether each element is below a number."""
        return Functional(self.array < number)

    def masked_fill(self, mask, number):
        """A number where `mask` says so, and else this."""
        return Functional(self.array.masked_fill(array_in(mask), number))

    def item(self):
        """The number in a 0-d tensor, which stays one."""
        return self.array

    def fill_(self, number):
        """Hold a number, everywhere."""
        self.array = torch.zeros_like(self.array) + number
        return self

    def copy_(self, other):
        """Hold what another holds."""
        self.array = other.array
        return self

    def sqrt(self):
        """The square root of each element."""
        return Functional(self.array.sqrt())

    def clone(self):
        """A copy."""
        return Functional(self.array.clone())

    add_, addcmul_, addcdiv_ = in_place(add), in_place(addcmul), in_place(addcdiv)
    mul_, div_, lerp_ = in_place(mul), in_place(div), in_place(lerp)
    clamp_, sqrt_, abs_ = in_place(clamp), in_place(sqrt), in_place(abs)
    reciprocal_, masked_fill_ = in_place(reciprocal), in_place(masked_fill)


def array_in(operand):
    """The array in a `Functional`; what else is given, as it is."""
    return operand.array if isinstance(operand, Functional) else operand


# The names of its methods; a constant, since a compiler may read it in __getattr__.
WORDS = [
    name for name, each in vars(Functional).items() if callable(each) and name[0] != "_"
]


def update_once(update, parameter, gradient, state, options, keep=False):
    """Run a rule on new values and write them back: one step for one tensor.

    `state` is a dict of arrays and `options` those of the step, both as
    `Optimizer.update` describes them. What the rule adds to the state is added here
    too. With `keep` the rule reads copies: autograd saves some of what it reads, and
    that must not change when the new values are written.
    """
    first = parameter.clone() if keep else parameter
    firsts = {
        name: array.clone() if keep else array
        for name, array in state.items()
        if is_parameter(array)  # a wrapper may have put other things beside it
    }
    value = Functional(first)
    values = {name: Functional(array) for name, array in firsts.items()}
    update(value, Functional(gradient), values, options)
    parameter.copy_(value.array)
    for name, changed in values.items():
        if name not in state:
            state[name] = changed.array
        elif changed.array is not firsts[name]:
            state[name].copy_(changed.array)
