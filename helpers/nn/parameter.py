"""Parameter: a Tensor that a module counts among what it learns."""

import torch

from helpers.autograd import Tensor


class Parameter(Tensor):
    """A leaf Tensor that requires grad; assigned to a Module, it is registered there.

    Args:
        data: a raw torch tensor or a Tensor, whose memory is shared, without its
            history; unless given, a tensor without elements.
        requires_grad: whether `backward()` fills its `.grad`.

    Raises: RuntimeError if gradients are asked of integers or booleans.

    >>> Parameter(torch.zeros(2))
    Parameter containing:
    tensor([0., 0.], requires_grad=True)

    Source: torch.nn.Parameter. Built in chapter 08.
    """

    def __init__(self, data=None, requires_grad=True):
        super().__init__(torch.empty(0) if data is None else data, requires_grad)

    def __deepcopy__(self, memo):
        """A copy of the numbers; the gradient stays behind, as in torch."""
        if id(self) not in memo:
            data = self.data.clone(memory_format=torch.preserve_format)
            memo[id(self)] = type(self)(data, self.requires_grad)
        return memo[id(self)]

    def __repr__(self):
        return "Parameter containing:\n" + super().__repr__()
