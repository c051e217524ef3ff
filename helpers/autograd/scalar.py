"""The engine for single numbers that chapter 01 builds.

With this module one can: compute with numbers that remember where they came from
(`Value`), list a graph so that every node stands before its inputs
(`topological_order`), watch gradients become complete one node at a time
(`walk_backward`), and take the slope of any function of one number without a rule
(`numeric_derivative`).

Values follow PyTorch: gradients add up in leaves, and only there. They are Python
floats, so they raise what floats raise (`ZeroDivisionError`, `OverflowError`) where
PyTorch would answer inf or nan.
"""

import math
from collections.abc import Callable, Iterator


class Value:
    """A number that remembers which operation made it, and from what.

    Args:
        data: the number, int or float; kept as float.
        inputs: the Values it was computed from; empty for a leaf.
        derivatives: d data / d input, one float for each input.
        operation: what made it, in a few characters; empty for a leaf.
        name: a label for drawings.

    `grad` is None until `backward()` reaches this Value as a leaf; then it is the
    float d result / d self, and later calls add to it. Plain numbers on either side of
    an operator make no node, as in PyTorch.

    Raises: TypeError if `data` is not a real number.

    >>> x, y = Value(1.0), Value(2.0)
    >>> z = 3 * x**2 + y**3
    >>> z.backward()
    >>> z.data, x.grad, y.grad, z.grad
    (11.0, 6.0, 12.0, None)

    Built in chapter 01.
    """

    __slots__ = ("data", "grad", "inputs", "derivatives", "operation", "name")

    def __init__(self, data, inputs=(), derivatives=(), operation="", name=None):
        try:
            self.data = float(data)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"data = {data!r}; a Value holds one real number: pass int or float"
            ) from error
        self.grad = None
        self.inputs = inputs
        self.derivatives = derivatives
        self.operation = operation
        self.name = name

    @property
    def is_leaf(self) -> bool:
        """True if no operation made this Value: then `backward()` fills its `grad`."""
        return not self.inputs

    def __repr__(self):
        made_by = f", operation={self.operation!r}" if self.operation else ""
        return f"Value({self.data:.6g}{made_by})"

    # Sums and products: the two operations with two inputs.

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")
        return Value(self.data + other, (self,), (1.0,), f"+ {other:g}")

    def __mul__(self, other):
        if isinstance(other, Value):
            derivatives = (other.data, self.data)
            return Value(self.data * other.data, (self, other), derivatives, "×")
        return Value(self.data * other, (self,), (float(other),), f"× {other:g}")

    # Functions of one input: value, then slope.

    def __pow__(self, power):
        if isinstance(power, Value):
            raise TypeError(
                f"the exponent is {power}; a Value can be raised to a plain number "
                "only. Write exponent.data, or (exponent * base.log()).exp()"
            )
        slope = power * self.data ** (power - 1) if power else 0.0
        return Value(self.data**power, (self,), (slope,), f"** {power:g}")

    def exp(self):
        """e to the power of this Value; its slope is itself.

        >>> Value(0.0).exp()
        Value(1, operation='exp')
        """
        result = math.exp(self.data)
        return Value(result, (self,), (result,), "exp")

    def log(self):
        """The natural logarithm; its slope is 1 / data. ValueError unless data > 0.

        >>> Value(1.0).log()
        Value(0, operation='log')
        """
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self):
        """The hyperbolic tangent, between -1 and 1; its slope is 1 - tanh².

        >>> Value(0.0).tanh()
        Value(0, operation='tanh')
        """
        result = math.tanh(self.data)
        return Value(result, (self,), (1 - result * result,), "tanh")

    def relu(self):
        """The larger of 0 and data; its slope is 1 above zero, else 0 (0 at zero).

        >>> Value(-3.0).relu()
        Value(0, operation='relu')
        """
        slope = 0.0 if self.data <= 0 else 1.0  # 1 for NaN, as in PyTorch
        return Value(max(self.data, 0.0), (self,), (slope,), "relu")

    # Everything else is one of the operations above, said differently.

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self, gradient: float = 1.0) -> None:
        """Add `gradient` * d self / d leaf to the `grad` of every leaf below.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward(), y.backward()
        (None, None)
        >>> x.grad
        12.0
        """
        for node, total in walk_backward(self, gradient):
            if node.is_leaf:
                node.grad = total if node.grad is None else node.grad + total


def topological_order(root: Value) -> list[Value]:
    """All Values that `root` was computed from, each before its own inputs.

    Every Value appears once, `root` first. The stack is a list, not Python's call
    stack, so the depth of a graph is limited by memory only. Source: depth-first
    search, written down on the way out, reversed. Built in chapter 01.

    >>> x = Value(3.0, name="x")
    >>> [node.operation or node.name for node in topological_order(x * x + 1)]
    ['+ 1', '×', 'x']
    """
    finished, seen, stack = [], set(), [(root, False)]
    while stack:
        node, inputs_are_finished = stack.pop()
        if inputs_are_finished:
            finished.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((value, False) for value in node.inputs)
    return finished[::-1]


def walk_backward(root: Value, gradient: float = 1.0) -> Iterator[tuple[Value, float]]:
    """Yield each Value with its complete gradient, from `root` to the leaves.

    A gradient is complete when everything computed from the Value has passed on its
    share; `topological_order` guarantees that. Built in chapter 01.

    >>> x = Value(3.0)
    >>> [total for _, total in walk_backward(x * x)]
    [1.0, 6.0]
    """
    arriving = {root: gradient}
    for node in topological_order(root):
        total = arriving.pop(node)
        yield node, total
        for value, derivative in zip(node.inputs, node.derivatives, strict=True):
            arriving[value] = arriving.get(value, 0.0) + total * derivative


def numeric_derivative(
    function: Callable[[float], float], at: float, step: float = 1e-6
) -> float:
    """The slope of a function near a point, by two evaluations.

    Args:
        function: takes and returns a float.
        at: the point.
        step: how far to go to either side. The error shrinks with its square until
            rounding takes over, near 1e-5.

    Source: the central difference. Built in chapter 01.

    >>> round(numeric_derivative(lambda x: x**3, 2.0), 6)
    12.0
    """
    return (function(at + step) - function(at - step)) / (2 * step)
