"""The rate along half a cosine: CosineAnnealingLR."""

import math

from helpers.optim.base.options import check_finite
from helpers.optim.lr_scheduler.rates import values_of
from helpers.optim.lr_scheduler.scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """The rate along half a cosine, from the base rate down to eta_min.

    Args:
        optimizer: ours or torch's.
        T_max: number above 0, how many epochs the way down takes; after those it goes
            up again.
        eta_min: finite number (0.0), the lowest rate.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Each rate is computed from the present one, so that others can change it too.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.CosineAnnealingLR`; SGDR, Loshchilov and Hutter
    (2017), equation 5, without restarts. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler, rates = CosineAnnealingLR(optimizer, T_max=4), []
    >>> for _ in range(5):
    ...     rates += [round(rate, 4) for rate in scheduler.get_last_lr()]
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [1.0, 0.8536, 0.5, 0.1464, 0.0]
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        check_finite("T_max", T_max)
        if T_max <= 0:
            raise ValueError(
                f"Invalid T_max value: {T_max}. T_max is a number of epochs above 0: "
                "set it to those of the whole run"
            )
        check_finite("eta_min", eta_min)
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """The present rates' heights above eta_min, times a ratio of two cosines."""
        self._warn_unless_stepping()
        rates = values_of(self.optimizer, "lr")
        if self._is_initial:
            return rates
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:
            return self._rates_after_lowest(rates)
        ratio = self._height(self.last_epoch) / self._height(self.last_epoch - 1)
        return [ratio * (rate - self.eta_min) + self.eta_min for rate in rates]

    def _height(self, epoch):
        """1 + cos at an epoch: 2 at the top, 0 at the lowest point."""
        return 1 + math.cos(math.pi * epoch / self.T_max)

    def _rates_after_lowest(self, rates):
        """The rates one epoch after the lowest point, where the ratio has none."""
        rise = 1 - math.cos(math.pi / self.T_max)
        pairs = zip(self.base_lrs, rates, strict=True)
        return [rate + (base - self.eta_min) * rise / 2 for base, rate in pairs]

    def _get_closed_form_lr(self):
        height = self._height(self.last_epoch)
        return [
            self.eta_min + (base - self.eta_min) * height / 2 for base in self.base_lrs
        ]
