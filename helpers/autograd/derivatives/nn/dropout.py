"""Dropout, of elements or whole channels, and slopes that are random."""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite
from helpers.autograd.tensor.tensor import lowered, wrap

aten = torch.ops.aten
SELU_END = 1.7580993408473766  # how far selu goes below zero


def keeps_all(input, p, training):
    """Whether nothing is dropped; ValueError for what is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(
            f"dropout probability has to be between 0 and 1, but got p = {p}"
        )
    return not training or p == 0 or not input.numel()


def dropped(input, p, training, inplace, shape):
    """The input times noise of a shape: 0 with probability p, else 1 / (1 - p).

    The noise is drawn as torch draws it, so one seed gives the same on both.
    """
    if keeps_all(input, p, training):
        return input
    if p == 1:
        noise = torch.zeros((), dtype=input.dtype, device=input.device)
    else:
        noise = torch.empty(shape, dtype=input.dtype, device=input.device)
        noise = noise.bernoulli_(1 - p).div_(1 - p)
    return input.mul_(wrap(noise)) if inplace else input * wrap(noise)


@composite(F.dropout)
def dropout(input, p=0.5, training=True, inplace=False):
    """Single elements."""
    return dropped(input, p, training, inplace, input.shape)


composite(torch.dropout)(lambda input, p, train: dropout(input, p, train))


def channel_dropout(unbatched):
    """Whole channels; `unbatched` is how many dimensions a single sample has."""

    def dropout_of_channels(input, p=0.5, training=True, inplace=False):
        leading = 1 if input.ndim == unbatched else 2
        shape = [*input.shape[:leading], *[1] * (input.ndim - leading)]
        return dropped(input, p, training, inplace, shape)

    return dropout_of_channels


composite(F.dropout1d)(channel_dropout(unbatched=2))
composite(F.dropout2d)(channel_dropout(unbatched=None))  # there, torch takes a batch
composite(F.dropout3d)(channel_dropout(unbatched=4))


def alpha_dropped(input, p, training, inplace, shape):
    """Elements set to selu's lower end, and all moved so that mean and variance stay.

    Source: Klambauer et al. (2017), "Self-Normalizing Neural Networks".
    """
    if keeps_all(input, p, training):
        return input
    if p == 1:
        return input.mul_(0) if inplace else input * 0
    noise = torch.empty(shape, dtype=input.dtype, device=input.device).bernoulli_(1 - p)
    scale = 1 / math.sqrt((SELU_END**2 * p + 1) * (1 - p))
    shift = (noise - 1) * (SELU_END * scale) + SELU_END * scale * p
    noise = noise * scale
    if inplace:
        return input.mul_(wrap(noise)).add_(wrap(shift))
    return input * wrap(noise) + wrap(shift)


@composite(F.alpha_dropout)
def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Single elements."""
    return alpha_dropped(input, p, training, inplace, input.shape)


@composite(F.feature_alpha_dropout)
def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Whole channels."""
    shape = [*input.shape[:2], *[1] * (input.ndim - 2)]
    return alpha_dropped(input, p, training, inplace, shape)


@composite(F.rrelu)
def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, inplace=False):
    """A slope below zero that is random in training, and the mean of its ends else."""
    if not training:
        return F.leaky_relu(input, (lower + upper) / 2, inplace)
    slopes = torch.empty_like(lowered(input))
    aten.rrelu_with_noise.default(lowered(input), slopes, lower, upper, True)
    return input.mul_(wrap(slopes)) if inplace else input * wrap(slopes)
