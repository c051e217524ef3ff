"""Initial values: tensors filled in place, ours and torch's, as torch.nn.init does.

With this module one can
- fill with a number (constant_, ones_, zeros_),
- draw from a distribution (uniform_, normal_),
- draw so that a deep network keeps the size of its signals (xavier_uniform_,
  xavier_normal_, kaiming_uniform_, kaiming_normal_, orthogonal_),
- ask for the factor of an activation, and for a weight's inputs and outputs
  (calculate_gain, fans).

Nothing is recorded, and the same seed gives the same numbers as in torch. Each function
returns its tensor. `generator` is a torch.Generator, or None for torch's own.
"""

import math
import warnings

import torch

from helpers.autograd import Tensor, no_grad

WITHOUT_BEND = (
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
    "conv_transpose3d", "sigmoid",
)  # fmt: skip
GAINS = {
    **dict.fromkeys(WITHOUT_BEND, 1), "tanh": 5 / 3, "relu": math.sqrt(2),
    "leaky_relu": None, "selu": 3 / 4,
}  # fmt: skip
MODES = ("fan_in", "fan_out")


def raw_of(tensor):
    """What is to be filled: the raw array of ours, else torch's tensor itself."""
    return tensor.data if isinstance(tensor, Tensor) else tensor


@no_grad()
def uniform_(tensor, a=0.0, b=1.0, generator=None):
    """Draw from the numbers between `a` and `b`, all alike.

    >>> uniform_(torch.empty(3), 2.0, 2.0)
    tensor([2., 2., 2.])

    Source: torch.nn.init. Built in chapter 08.
    """
    raw_of(tensor).uniform_(a, b, generator=generator)
    return tensor


@no_grad()
def normal_(tensor, mean=0.0, std=1.0, generator=None):
    """Draw from the normal distribution.

    Args:
        mean, std: its mean and standard deviation, the latter 0 or more.

    Source: torch.nn.init. Built in chapter 08.
    """
    raw_of(tensor).normal_(mean, std, generator=generator)
    return tensor


@no_grad()
def constant_(tensor, val):
    """Fill with the number `val`.

    >>> constant_(torch.empty(2), 0.5)
    tensor([0.5000, 0.5000])

    Source: torch.nn.init. Built in chapter 08.
    """
    raw_of(tensor).fill_(val)
    return tensor


def ones_(tensor):
    """Fill with 1."""
    return constant_(tensor, 1.0)


def zeros_(tensor):
    """Fill with 0."""
    return constant_(tensor, 0.0)


def xavier_uniform_(tensor, gain=1.0, generator=None):
    """Draw uniformly, with variance 2 gain² / (fan in + fan out).

    Args:
        tensor: a weight of two dimensions or more, (out, in, *window).
        gain: the activation's factor; see `calculate_gain`.

    Raises: ValueError for fewer dimensions.

    Source: torch.nn.init, Glorot and Bengio (2010). Built in chapter 08.
    """
    bound = math.sqrt(3) * (gain * math.sqrt(2 / sum(fans(tensor))))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None):
    """Draw from the normal distribution of `xavier_uniform_`'s variance.

    Source: torch.nn.init, Glorot and Bengio (2010). Built in chapter 08.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor))), generator)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu",
                     generator=None):  # fmt: skip
    """Draw uniformly, with variance gain² / fan: right for relu and its relatives.

    Args:
        tensor: a weight of two dimensions or more, (out, in, *window).
        a: the slope of leaky_relu below 0.
        mode: "fan_in" keeps the size of the signals, "fan_out" that of the gradients.
        nonlinearity: the activation behind, as for `calculate_gain`.

    Raises: ValueError for fewer dimensions, another mode or activation.

    Source: torch.nn.init, He et al. (2015). Built in chapter 08.
    """
    if is_empty(tensor):
        return tensor
    bound = math.sqrt(3) * kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu",
                    generator=None):  # fmt: skip
    """Draw from the normal distribution of `kaiming_uniform_`'s variance.

    Source: torch.nn.init, He et al. (2015). Built in chapter 08.
    """
    if is_empty(tensor):
        return tensor
    return normal_(tensor, 0, kaiming_std(tensor, a, mode, nonlinearity), generator)


@no_grad()
def orthogonal_(tensor, gain=1, generator=None):
    """Draw a matrix whose rows, or columns, are at right angles, of length `gain`.

    Args:
        tensor: of two dimensions or more; those behind the first count as one.

    Raises: ValueError for fewer dimensions.

    Source: torch.nn.init, Saxe et al. (2013). Built in chapter 08.
    """
    raw = raw_of(tensor)
    if raw.ndim < 2:
        raise ValueError(
            f"Only tensors with 2 or more dimensions are supported; got {raw.ndim}. "
            "Draw this one by normal_"
        )
    if not raw.numel():
        return tensor
    matrix = torch.empty_like(raw.flatten(1), memory_format=torch.contiguous_format)
    matrix.normal_(0, 1, generator=generator)
    is_wide = matrix.shape[0] < matrix.shape[1]
    q, r = torch.linalg.qr(matrix.t() if is_wide else matrix)
    q = q * r.diagonal().sign()
    raw.copy_((q.t() if is_wide else q).reshape(raw.shape)).mul_(gain)
    return tensor


def calculate_gain(nonlinearity, param=None):
    """The factor by which weights are larger to make up for an activation.

    Args:
        nonlinearity: "linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu",
            "selu" and the other convolutions.
        param: for "leaky_relu" the slope below 0, 0.01 unless given.

    Raises: ValueError for another, and for a slope that is no number.

    >>> round(calculate_gain("relu"), 3)
    1.414

    Source: torch.nn.init. Built in chapter 08.
    """
    if nonlinearity not in GAINS:
        raise ValueError(
            f"Unsupported nonlinearity {nonlinearity}; allowed are {', '.join(GAINS)}. "
            'Take the nearest, or "linear"'
        )
    if nonlinearity != "leaky_relu":
        return GAINS[nonlinearity]
    slope = 0.01 if param is None else param
    if isinstance(slope, bool) or not isinstance(slope, int | float):
        raise ValueError(
            f"negative_slope {slope} not a valid number; allowed is an int or float. "
            "Leave it away for 0.01"
        )
    return math.sqrt(2 / (1 + slope**2))


def fans(tensor):
    """How many inputs an output has, and how many outputs an input: (in, out).

    ValueError for fewer than two dimensions.

    >>> fans(torch.empty(8, 3, 5, 5))
    (75, 200)
    """
    if tensor.ndim < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 "
            f"dimensions; got {tensor.ndim}. Draw this one by uniform_ or zeros_"
        )
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def kaiming_std(tensor, a, mode, nonlinearity):
    """The standard deviation of Kaiming's draw."""
    mode = str(mode).lower()
    if mode not in MODES:
        raise ValueError(
            f"Mode {mode} not supported, please use one of {list(MODES)}: fan_in is "
            "the default"
        )
    return calculate_gain(nonlinearity, a) / math.sqrt(fans(tensor)[MODES.index(mode)])


def is_empty(tensor):
    """Whether there is nothing to draw; warns, as torch does."""
    if 0 not in tensor.shape:
        return False
    warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
    return True
