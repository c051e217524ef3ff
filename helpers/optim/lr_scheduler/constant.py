"""A factor for the first epochs: ConstantLR."""

from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.checks import check_span, check_whole


class ConstantLR(ChainableScheduler):
    """The base rate times a factor for some epochs, then the base rate.

    Args:
        optimizer: ours or torch's.
        factor: number from 0 to 1 (1/3), of the first epochs.
        total_iters: whole number from 0 up (5), how many epochs those are.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.ConstantLR`. Departures: total_iters=0 changes
    nothing, where torch keeps the factor for good; after factor=0, where torch divides
    by zero, the base rate follows. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> scheduler, rates = ConstantLR(optimizer, factor=0.5, total_iters=2), []
    >>> for _ in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [0.25, 0.25, 0.5, 0.5]
    """

    def __init__(self, optimizer, factor=1.0 / 3, total_iters=5, last_epoch=-1):
        check_span("factor", factor, "Constant multiplicative factor")
        check_whole("total_iters", total_iters, 0, "5, say")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """The factor at the beginning, its inverse after the last of its epochs."""
        if self.last_epoch == 0:
            return self.factor if self.total_iters else 1
        return 1.0 / self.factor if self.last_epoch == self.total_iters else 1

    def total_factor(self):
        """The factor before total_iters, 1 from there on."""
        return self.factor + (self.last_epoch >= self.total_iters) * (1 - self.factor)

    def get_lr(self):
        """The present rates times a factor; from factor 0, the base rates."""
        if self.factor == 0 and self.last_epoch == self.total_iters:
            self._warn_unless_stepping()
            return self._get_closed_form_lr()
        return super().get_lr()
