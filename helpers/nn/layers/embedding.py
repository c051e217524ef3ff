"""Embedding: a learned vector for each number."""

import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn import init
from helpers.nn.layers.sizes import check_sizes, empty_parameter
from helpers.nn.module import Module


class Embedding(Module):
    """A table of vectors, looked up by number.

    Args:
        num_embeddings: how many there are.
        embedding_dim: the length of each.
        padding_idx: the number whose vector is 0 at first and gets no gradient, counted
            from the end if negative; None for none.
        max_norm: the length to which those that are looked up are cut, in place; None
            for any.
        norm_type: the p of that length's norm.
        scale_grad_by_freq: whether gradients are divided by how often a number occurs.
        device, dtype: of the table; unless given, torch's defaults.

    Shapes: input any, of integers; output (*input.shape, embedding_dim). The table is
    drawn from the standard normal distribution.

    Raises: AssertionError for a padding_idx that is not in the table, as torch.

    >>> import torch
    >>> Embedding(10, 3)(torch.tensor([1, 2, 1])).shape
    torch.Size([3, 3])

    Source: torch.nn.Embedding. Built in chapter 08.
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None,
                 norm_type=2.0, scale_grad_by_freq=False, device=None,
                 dtype=None):  # fmt: skip
        super().__init__()
        check_sizes(num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = place_of_padding(padding_idx, num_embeddings)
        self.max_norm, self.norm_type = max_norm, norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.weight = empty_parameter(
            num_embeddings, embedding_dim, device=device, dtype=dtype
        )
        self.reset_parameters()

    def reset_parameters(self):
        """Draw the table anew; the vector of the padding is 0."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx].fill_(0)

    def forward(self, input):
        """The vectors of the numbers."""
        return call(
            F.embedding, input, self.weight, self.padding_idx, self.max_norm,
            self.norm_type, self.scale_grad_by_freq,
        )  # fmt: skip

    def extra_repr(self):
        """The sizes, and the options that differ from the defaults."""
        options = [f"{self.num_embeddings}, {self.embedding_dim}"]
        defaults = {
            "padding_idx": None,
            "max_norm": None,
            "norm_type": 2.0,
            "scale_grad_by_freq": False,
        }
        for name, default in defaults.items():
            value = getattr(self, name)
            if value != default:
                options.append(f"{name}={value}")
        return ", ".join(options)


def place_of_padding(index, count):
    """The padding's place in the table, from the front; None if there is none."""
    if index is None:
        return None
    if not -count <= index < count:
        raise AssertionError(
            f"padding_idx = {index}: Padding_idx must be within num_embeddings, from "
            f"{-count} to {count - 1}; choose one there, or None"
        )
    return index % count
