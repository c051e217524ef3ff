"""The rate down to 0 along a power: PolynomialLR."""

from helpers.optim.base.options import check_number
from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.checks import check_whole


class PolynomialLR(ChainableScheduler):
    """The base rate times (1 - epoch / total_iters) to a power, then 0.

    Args:
        optimizer: ours or torch's.
        total_iters: whole number from 1 up (5), the epoch at which the rate is 0.
        power: number from 0 up (1.0), of the polynomial; 1 is a line.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.PolynomialLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler, rates = PolynomialLR(optimizer, total_iters=4), []
    >>> for _ in range(6):
    ...     rates += [round(rate, 12) for rate in scheduler.get_last_lr()]
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """

    def __init__(self, optimizer, total_iters=5, power=1.0, last_epoch=-1):
        check_whole("total_iters", total_iters, 1, "5, say")
        check_number("power", power)
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """The ratio of what is left of the epochs, now and one before, to the power."""
        if self._is_initial or self.last_epoch > self.total_iters:
            return 1
        now = 1.0 - self.last_epoch / self.total_iters
        before = 1.0 - (self.last_epoch - 1) / self.total_iters
        return (now / before) ** self.power

    def total_factor(self):
        """What is left of the epochs, to the power."""
        epoch = min(self.total_iters, self.last_epoch)
        return (1.0 - epoch / self.total_iters) ** self.power
