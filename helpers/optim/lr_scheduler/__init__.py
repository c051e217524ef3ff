"""scheduler.step(): the learning rate of each epoch, for torch's optimizers and ours.

With this package one can
- multiply the present rate: `StepLR`, `MultiStepLR`, `ConstantLR`, `LinearLR`,
  `ExponentialLR`, `PolynomialLR`, `CosineAnnealingLR`, `MultiplicativeLR`,
- compute it anew: `LambdaLR`, `CosineAnnealingWarmRestarts`, `CyclicLR`, `OneCycleLR`,
- lower it when a metric no longer improves: `ReduceLROnPlateau`,
- put several in a row or together: `SequentialLR`, `ChainedScheduler`,
- write a family of one's own: a subclass of `LRScheduler` with a `get_lr`, or of
  `ChainableScheduler` with a `step_factor`.

Names, arguments, defaults and the layout of `state_dict()` are those of
`torch.optim.lr_scheduler`. An epoch is what you call `step()` for: a pass over the
data, or a batch. It imports torch alone, and nothing that knows our Tensor.

**Resuming.** Build model, optimizer and scheduler, then load each, in any order.

>>> import torch
>>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
>>> scheduler = ExponentialLR(optimizer, gamma=0.5)
>>> optimizer.step()
>>> scheduler.step()
>>> optimizer.param_groups[0]["lr"]
0.25
"""

from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.chained import ChainedScheduler
from helpers.optim.lr_scheduler.constant import ConstantLR
from helpers.optim.lr_scheduler.cosine_annealing import CosineAnnealingLR
from helpers.optim.lr_scheduler.cyclic import CyclicLR
from helpers.optim.lr_scheduler.exponential import ExponentialLR
from helpers.optim.lr_scheduler.lambda_lr import LambdaLR, MultiplicativeLR
from helpers.optim.lr_scheduler.linear import LinearLR
from helpers.optim.lr_scheduler.one_cycle import OneCycleLR
from helpers.optim.lr_scheduler.plateau import ReduceLROnPlateau
from helpers.optim.lr_scheduler.polynomial import PolynomialLR
from helpers.optim.lr_scheduler.scheduler import LRScheduler
from helpers.optim.lr_scheduler.sequential import SequentialLR
from helpers.optim.lr_scheduler.step import MultiStepLR, StepLR
from helpers.optim.lr_scheduler.warm_restarts import CosineAnnealingWarmRestarts

__all__ = [
    "ChainableScheduler",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
