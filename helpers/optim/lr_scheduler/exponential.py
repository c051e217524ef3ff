"""The rate times gamma, every epoch: ExponentialLR."""

from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.checks import check_gamma


class ExponentialLR(ChainableScheduler):
    """The rate times gamma, every epoch.

    Args:
        optimizer: ours or torch's.
        gamma: number from 0 up, the factor of an epoch.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for a gamma that makes no sense.

    Source: `torch.optim.lr_scheduler.ExponentialLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> scheduler = ExponentialLR(optimizer, gamma=0.5)
    >>> optimizer.step(); scheduler.step(); scheduler.get_last_lr()
    [0.25]
    """

    def __init__(self, optimizer, gamma, last_epoch=-1):
        check_gamma(gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """gamma; 1 at the beginning."""
        return 1 if self._is_initial else self.gamma

    def total_factor(self):
        """gamma to the number of epochs."""
        return self.gamma**self.last_epoch
