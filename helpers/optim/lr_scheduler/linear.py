"""A factor along a line, for warm-up: LinearLR."""

from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.checks import check_span, check_whole


class LinearLR(ChainableScheduler):
    """The base rate times a factor that goes along a line to its end, and stays there.

    Args:
        optimizer: ours or torch's.
        start_factor: number above 0, up to 1 (1/3), the factor of epoch 0.
        end_factor: number from 0 to 1 (1.0), the factor from epoch total_iters on.
        total_iters: whole number from 0 up (5), how many epochs the way takes.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.LinearLR`. Departure: with total_iters=0 the
    factor is end_factor at once, where torch keeps start_factor for good. Chapter 09
    builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler, rates = LinearLR(optimizer, start_factor=0.25, total_iters=3), []
    >>> for _ in range(5):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    def __init__(self, optimizer, start_factor=1.0 / 3, end_factor=1.0, total_iters=5,
                 last_epoch=-1):  # fmt: skip
        words = "multiplicative factor"
        check_span("start_factor", start_factor, f"Starting {words}", above=True)
        check_span("end_factor", end_factor, f"Ending {words}")
        check_whole("total_iters", total_iters, 0, "5, say")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """The ratio of two points of the line, one epoch apart."""
        rise = self.end_factor - self.start_factor
        if self.last_epoch == 0:
            return self.start_factor if self.total_iters else self.end_factor
        if self.last_epoch > self.total_iters:
            return 1
        behind = self.total_iters * self.start_factor + (self.last_epoch - 1) * rise
        return 1.0 + rise / behind

    def total_factor(self):
        """The point of the line, or its end."""
        if not self.total_iters:
            return self.end_factor
        rise = self.end_factor - self.start_factor
        epoch = min(self.total_iters, self.last_epoch)
        return self.start_factor + rise * epoch / self.total_iters
