"""Dropout: elements, or whole channels, set to zero at random; the rest grows."""

import torch
import torch.nn.functional as F

from helpers.autograd.operations.declare import composite
from helpers.autograd.tensor.tensor import wrap


def dropped(input, p, training, inplace, shape):
    """The input times noise of a shape: 0 with probability p, else 1 / (1 - p).

    The noise is drawn as torch draws it, so one seed gives the same on both.
    """
    if not 0 <= p <= 1:
        raise ValueError(
            f"dropout probability has to be between 0 and 1, but got p = {p}"
        )
    if not training or p == 0 or not input.numel():
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
