"""Dropout: single elements set to 0 at random, in training only."""

import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn.module import Module


class Dropout(Module):
    """Each element 0 with probability p, else divided by 1 - p; after `eval()`, as is.

    Args:
        p: the probability, from 0 to 1.
        inplace: whether the input itself is changed.

    Raises: ValueError for what is no probability.

    >>> import torch
    >>> Dropout(0.5).eval()(torch.ones(3))
    tensor([1., 1., 1.])

    Source: torch.nn.Dropout, Srivastava et al. (2014). Built in chapter 08.
    """

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(
                f"dropout probability has to be between 0 and 1, but got {p}. Pass for "
                "example p=0.5"
            )
        self.p, self.inplace = p, inplace

    def forward(self, input):
        """The input, or what is left of it."""
        return call(F.dropout, input, self.p, self.training, self.inplace)

    def extra_repr(self):
        """The options."""
        return f"p={self.p}, inplace={self.inplace}"
