"""Lead the rate to a constant, while weights are averaged: SWALR."""

import math

from helpers.optim.lr_scheduler.checks import (
    check_choice,
    check_optimizer,
    check_whole,
)
from helpers.optim.lr_scheduler.rates import per_group, put_all, values_of
from helpers.optim.lr_scheduler.scheduler import LRScheduler

ANNEAL = {"cos": lambda t: (1 - math.cos(math.pi * t)) / 2, "linear": lambda t: t}


class SWALR(LRScheduler):
    """The rate from where it is to swa_lr, in some epochs; there it stays.

    Args:
        optimizer: ours or torch's.
        swa_lr: number, the last rate; or a list with one for each group.
        anneal_epochs: int from 0 up (10), epochs of the way.
        anneal_strategy: "cos" (the default) or "linear".
        last_epoch: int (-1), the last epoch that was trained; -1 begins. With N from 0
            up the optimizer's rate must be that of epoch N + 1: it is kept.

    Raises: `ValueError` or `TypeError` for what makes no sense.

    Source: `torch.optim.swa_utils.SWALR`; Izmailov et al. (2018). Departure: with
    last_epoch=N it goes on where it was, where torch begins the way again.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler = SWALR(optimizer, 0.5, anneal_epochs=2, anneal_strategy="linear")
    >>> rates = []
    >>> for _ in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [1.0, 0.75, 0.5, 0.5]
    """

    def __init__(self, optimizer, swa_lr, anneal_epochs=10, anneal_strategy="cos",
                 last_epoch=-1):  # fmt: skip
        check_optimizer(optimizer)
        check_choice("anneal_strategy", anneal_strategy, tuple(ANNEAL))
        check_whole("anneal_epochs", anneal_epochs, 0, "10, or leave it out")
        rates = per_group("swa_lr", optimizer, swa_lr)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["swa_lr"] = rate
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _resume(self, last_epoch):
        """Go on at epoch last_epoch + 1, whose rate the optimizer has."""
        loaded = values_of(self.optimizer, "lr")
        self._initial_step()
        put_all(self.optimizer, "lr", loaded)
        self.last_epoch, self._last_lr = last_epoch + 1, loaded
        self._step_count = last_epoch + 2

    def anneal_func(self, t) -> float:
        """Which part of the way is made at part `t` of its epochs."""
        return ANNEAL[self._anneal_strategy](t)

    def _part(self, step) -> float:
        """Which part of the way is made after a number of steps."""
        return self.anneal_func(max(0, min(1, step / max(1, self.anneal_epochs))))

    def get_lr(self):
        """The rates at this step: from the present ones, by where the way began."""
        self._warn_unless_stepping()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._part(step - 1), self._part(step)
        return [
            end * now + began(rate, end, before) * (1 - now)
            for rate, end in zip(
                values_of(self.optimizer, "lr"),
                values_of(self.optimizer, "swa_lr"),
                strict=True,
            )
        ]


def began(rate, end, part):
    """Where a way began that is at `rate` after a part of it."""
    return end if part == 1 else (rate - part * end) / (1 - part)
