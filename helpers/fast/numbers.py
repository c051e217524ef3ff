"""The numbers of an optimizer that may change between steps: rates, momenta, betas.

With this module one can: list them (`Numbers`), and have a graph read each from memory
(`Number`), so that a scheduler changes it and nothing is compiled again.
"""

import operator

import torch

from helpers.optim.base.options import number_of


class Number:
    """A number that a graph reads from memory, in the place of a Python float.

    Args:
        array: the 0-d tensor that holds it.
        read: a function from the list of all numbers to its value.
        values: the list of all numbers, now.
        assumptions: a list that grows by (words, function of the values, its answer)
            whenever a rule compares the number, as in `if momentum != 0`.

    Arithmetic gives another Number, or a tensor where a tensor takes part.
    """

    def __init__(self, array, read, values, assumptions):
        self.array, self.read = array, read
        self.values, self.assumptions = values, assumptions

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """What torch calls when a function of its own is handed a Number."""
        named = {name: array_in(each) for name, each in (kwargs or {}).items()}
        return function(*map(array_in, args), **named)

    def with_other(self, function, other):
        """The result of arithmetic with another number, or with a tensor."""
        if isinstance(other, torch.Tensor):
            return function(self.array, other)
        array = function(self.array, array_in(other))
        return Number(array, self.after(function, other), self.values, self.assumptions)

    def after(self, function, other):
        """A function from the values to that of this number and another."""
        read = other.read if isinstance(other, Number) else lambda values: other
        return lambda values: function(self.read(values), read(values))

    def compare(self, function, other):
        """The answer for the values of now, which is noted as an assumption."""
        ask = self.after(function, other)
        answer = ask(self.values)
        self.assumptions.append((ask, answer))
        return answer

    def __neg__(self):
        return self.with_other(operator.mul, -1)

    def __bool__(self):
        return self.compare(operator.ne, 0)

    __hash__ = None


def array_in(operand):
    """The tensor of a Number; what else is given, as it is."""
    return operand.array if isinstance(operand, Number) else operand


def add_operators():
    """Give Number arithmetic from both sides, and comparisons."""
    for name in ("add", "sub", "mul", "truediv", "pow"):
        function = getattr(operator, name)
        setattr(Number, f"__{name}__", arithmetic(function))
        setattr(Number, f"__r{name}__", arithmetic(swapped(function)))
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(Number, f"__{name}__", comparison(getattr(operator, name)))


def arithmetic(function):
    """A method that computes with another number."""
    return lambda self, other: self.with_other(function, other)


def comparison(function):
    """A method that compares with another number."""
    return lambda self, other: self.compare(function, other)


def swapped(function):
    """A function of two with its arguments the other way round."""
    return lambda first, second: function(second, first)


add_operators()


class Numbers:
    """All numbers of an optimizer's groups, in one array of float64.

    Args:
        optimizer: one of ours.
        device: where the array lies.

    `slots` says where each stands: (group, name, place in a pair or None).

    >>> from helpers.optim import Adam
    >>> numbers = Numbers(Adam([torch.nn.Parameter(torch.ones(1))], lr=0.1), "cpu")
    >>> numbers.slots[:2]
    [(0, 'lr', None), (0, 'betas', 0)]
    >>> numbers.read()
    [0.1, 0.9, 0.999, 1e-08]
    """

    def __init__(self, optimizer, device):
        self.optimizer, self.device = optimizer, device
        self.slots = list(slots_in(optimizer.param_groups))
        self.values = self.array = None

    def read(self):
        """The numbers as they are now."""
        found, groups = [], self.optimizer.param_groups
        for place, name, part in self.slots:
            value = groups[place][name]
            value = value if part is None else value[part]
            found.append(value if value.__class__ is float else float(number_of(value)))
        return found

    def refresh(self):
        """The array, brought up to the numbers of now; it stays where it is."""
        values = self.read()
        if values != self.values:
            fresh = torch.tensor(values, dtype=torch.float64)
            if self.array is None:
                self.array = fresh.to(self.device)
            else:
                self.array.copy_(fresh)
            self.values = values
        return self.array

    def in_groups(self, array, assumptions):
        """For each group its numbers by name, as `Number`s that lie in an array."""
        found = [{} for _ in self.optimizer.param_groups]
        for index, (place, name, part) in enumerate(self.slots):
            read = operator.itemgetter(index)
            number = Number(array[index], read, self.values, assumptions)
            if part is None:
                found[place][name] = number
            else:
                found[place][name] = (*found[place].get(name, ()), number)
        return found


def slots_in(groups):
    """Where numbers stand in groups; whole numbers and names stay what they are."""
    for place, group in enumerate(groups):
        for name, value in group.items():
            if name == "lr" or is_number(value):
                yield place, name, None
            elif isinstance(value, tuple) and value and all(map(is_number, value)):
                yield from ((place, name, part) for part in range(len(value)))


def is_number(value):
    """Whether an option is a number with a fraction: a float or a tensor of one."""
    if isinstance(value, torch.Tensor):
        return value.numel() == 1 and value.is_floating_point()
    return isinstance(value, float)
