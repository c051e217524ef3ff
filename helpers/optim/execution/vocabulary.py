"""The words in which update rules are written: some methods of a tensor."""

from abc import ABC, abstractmethod


class Vocabulary(ABC):
    """What a rule may ask of parameters, gradients and state: torch's words for it.

    A rule that keeps to these words runs on a plain tensor, on a `TensorList` and on a
    `Functional`. Each word means what the method of `torch.Tensor` means; those that
    end in `_` change their object and return it. Operands are of its own kind, except
    where a number is said.
    """

    __slots__ = ()

    @abstractmethod
    def add(self, other, *, alpha=1):
        """The sum of this and alpha * other."""

    @abstractmethod
    def add_(self, other, *, alpha=1):
        """Add alpha * other, or a number."""

    @abstractmethod
    def mul_(self, number):
        """Multiply by a number."""

    @abstractmethod
    def div_(self, number):
        """Divide by a number."""

    @abstractmethod
    def lerp_(self, end, weight):
        """Go the part `weight`, a number from 0 to 1, of the way to `end`."""

    @abstractmethod
    def addcmul(self, first, second, *, value=1):
        """The sum of this and value * first * second."""

    @abstractmethod
    def addcmul_(self, first, second, *, value=1):
        """Add value * first * second."""

    @abstractmethod
    def addcdiv_(self, over, under, *, value=1):
        """Add value * over / under."""

    @abstractmethod
    def clamp_(self, *, min):
        """Raise what is below `min`, element by element, to it."""

    @abstractmethod
    def sqrt(self):
        """The square root of each element."""

    @abstractmethod
    def clone(self):
        """A copy."""
