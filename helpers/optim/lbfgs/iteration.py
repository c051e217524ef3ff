"""One iteration of LBFGS: where it begins, and what is asked of its vectors."""

import math
from dataclasses import dataclass

import torch

from helpers.optim.base.products import largest


@dataclass(frozen=True)
class Iteration:
    """Where an iteration begins, the direction that it takes, the step to try first.

    `slope` is that of the loss along the direction, `scale` its largest entry.
    """

    loss: float
    gradient: torch.Tensor
    direction: torch.Tensor
    slope: float
    step: float
    scale: float


def are_finite(loss, gradient) -> bool:
    """Whether the loss and all of its gradient are finite numbers."""
    return math.isfinite(loss) and math.isfinite(largest(gradient))


def are_same(first, second) -> bool:
    """Whether two arrays hold the same numbers; NaN is the same as NaN."""
    return torch.allclose(first, second, rtol=0, atol=0, equal_nan=True)
