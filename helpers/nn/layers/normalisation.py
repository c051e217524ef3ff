"""Normalisation: values brought to mean 0 and variance 1, then scaled and shifted."""

import math

import torch
import torch.nn.functional as F

from helpers.autograd.registry import call
from helpers.nn import init
from helpers.nn.layers.sizes import check_sizes, empty_parameter
from helpers.nn.module import Module


class BatchNorm(Module):
    """What `BatchNorm1d` and `BatchNorm2d` share: all but the input's dimensions.

    In training, each channel is normalised over the batch, and the running statistics
    follow; in evaluation those are used. `train()` and `eval()` choose.

    Args:
        num_features: how many channels; the input's second dimension.
        eps: added to the variance.
        momentum: how far the running statistics go towards each batch's; None for the
            mean over all batches.
        affine: whether there are a weight and a bias for each channel.
        track_running_stats: whether there are running statistics; if not, each batch's
            own are used in evaluation too.
        device, dtype: of parameters and buffers; unless given, torch's defaults.

    Source: torch.nn.BatchNorm1d, Ioffe and Szegedy (2015). Built in chapter 08.
    """

    _version = 2  # of the state dict: since it holds num_batches_tracked
    dimensions = ()

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True,
                 track_running_stats=True, device=None, dtype=None):  # fmt: skip
        super().__init__()
        check_sizes(num_features=num_features)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        made = {"device": device, "dtype": dtype}
        for name in ("weight", "bias"):
            parameter = empty_parameter(num_features, **made) if affine else None
            self.register_parameter(name, parameter)
        statistics = {
            "running_mean": lambda: torch.zeros(num_features, **made),
            "running_var": lambda: torch.ones(num_features, **made),
            "num_batches_tracked": lambda: torch.tensor(0, device=device),
        }
        for name, start in statistics.items():
            self.register_buffer(name, start() if track_running_stats else None)
        self.reset_parameters()

    def reset_running_stats(self):
        """Begin the running statistics anew: mean 0, variance 1, no batch seen."""
        if self.track_running_stats:
            init.zeros_(self.running_mean)
            init.ones_(self.running_var)
            init.zeros_(self.num_batches_tracked)

    def reset_parameters(self):
        """Begin anew: statistics, weights of 1, biases of 0."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            init.zeros_(self.bias)

    def forward(self, input):
        """Each channel over the batch, or by the running statistics."""
        self.check_input(input)
        by_batch = self.training or self.running_mean is None
        if by_batch:
            check_batch(input)
        share = self.share_of_batch() if self.training else 0.0
        mean, var = self.running_mean, self.running_var
        if self.training and not self.track_running_stats:
            mean = var = None
        return call(
            torch.batch_norm, input, self.weight, self.bias, mean, var, by_batch,
            share, self.eps, True,
        )  # fmt: skip

    def share_of_batch(self):
        """Count the batch; how much of its statistics goes into the running ones."""
        count = self.num_batches_tracked
        if count is not None and self.track_running_stats:
            count.data.add_(1)
            if self.momentum is None:
                return 1.0 / float(count)
        return self.momentum or 0.0

    def check_input(self, input):
        """ValueError for an input of other dimensions than this layer's."""
        if input.ndim not in self.dimensions:
            allowed = " or ".join(f"{each}D" for each in self.dimensions)
            raise ValueError(
                f"expected {allowed} input (got {input.ndim}D input). Give one of the "
                "shape that the class says, for instance by reshape"
            )

    def _complete(self, state, prefix, version):
        """Old state dicts lack the number of batches: it stays what it is."""
        key = prefix + "num_batches_tracked"
        is_old = version is None or version < 2
        if is_old and self.track_running_stats and key not in state:
            state[key] = self.num_batches_tracked

    def extra_repr(self):
        """The number of channels, and the options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


def check_batch(input):
    """ValueError for one value a channel, which has no variance."""
    if math.prod(input.shape[:1] + input.shape[2:]) == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"{input.shape}. Give a larger batch, or call eval() first"
        )


class BatchNorm1d(BatchNorm):
    """Each channel normalised over the batch: `BatchNorm` of (n, c) or (n, c, length).

    >>> BatchNorm1d(1)(torch.tensor([[1.0], [3.0]])).data.round()
    tensor([[-1.],
            [ 1.]])

    Source: torch.nn.BatchNorm1d. Built in chapter 08.
    """

    dimensions = (2, 3)


class BatchNorm2d(BatchNorm):
    """Each channel normalised over batch and pixels: `BatchNorm` of (n, c, h, w).

    >>> BatchNorm2d(3)(torch.rand(5, 3, 8, 8)).shape
    torch.Size([5, 3, 8, 8])

    Source: torch.nn.BatchNorm2d. Built in chapter 08.
    """

    dimensions = (4,)


class LayerNorm(Module):
    """Each sample normalised over its last dimensions.

    Args:
        normalized_shape: their sizes, a number for one.
        eps: added to the variance.
        elementwise_affine: whether each element has a weight.
        bias: whether it has a bias too.
        device, dtype: of the parameters; unless given, torch's defaults.

    >>> LayerNorm(2)(torch.tensor([1.0, 3.0])).data.round()
    tensor([-1.,  1.])

    Source: torch.nn.LayerNorm, Ba et al. (2016). Built in chapter 08.
    """

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True,
                 device=None, dtype=None):  # fmt: skip
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        for size in self.normalized_shape:
            check_sizes(normalized_shape=size)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        for name, wanted in (("weight", True), ("bias", bias)):
            parameter = None
            if elementwise_affine and wanted:
                parameter = empty_parameter(
                    *self.normalized_shape, device=device, dtype=dtype
                )
            self.register_parameter(name, parameter)
        self.reset_parameters()

    def reset_parameters(self):
        """Weights of 1, biases of 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input):
        """Each sample by its own mean and variance."""
        return call(
            F.layer_norm, input, self.normalized_shape, self.weight, self.bias, self.eps
        )

    def extra_repr(self):
        """The sizes, and the options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )
