"""The rate along a cosine, again and again: CosineAnnealingWarmRestarts."""

import math

from helpers.optim.lr_scheduler.scheduler import LRScheduler


class CosineAnnealingWarmRestarts(LRScheduler):
    """The rate along half a cosine down to eta_min, again and again from the top.

    Args:
        optimizer: ours or torch's.
        T_0: int from 1 up, epochs of the first descent.
        T_mult: int from 1 up (1), how many times longer each is than the one before.
        eta_min: finite number (0.0), the lowest rate.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Attributes: `T_i`, epochs of the present descent; `T_cur`, those since it began.

    Raises: `ValueError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`; SGDR, Loshchilov and
    Hutter (2017), equation 5. Departures: its steps are counted, and a call before the
    optimizer's warned of; restarts are found by whole numbers, where torch's logarithm
    misses some, such as that of epoch 121 with T_0=1 and T_mult=3. Chapter 09 builds
    it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler, rates = CosineAnnealingWarmRestarts(optimizer, T_0=2), []
    >>> for _ in range(4):
    ...     rates += [round(rate, 4) for rate in scheduler.get_last_lr()]
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [1.0, 0.5, 1.0, 0.5]
    """

    recomputes = True

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1):
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"Expected integer {name} >= 1, but got {value!r}: {name} counts "
                    f"epochs, set {name}={10 if name == 'T_0' else 2}, say"
                )
        if not isinstance(eta_min, (float, int)) or not math.isfinite(eta_min):
            raise ValueError(
                f"Expected float or int eta_min, but got {eta_min!r} of type "
                f"{type(eta_min).__name__}: set eta_min=0, or leave it out"
            )
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur = -1
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """The rates at T_cur of the present descent."""
        self._warn_unless_stepping()
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        return [
            self.eta_min + (base - self.eta_min) * height / 2 for base in self.base_lrs
        ]

    def step(self, epoch=None):
        """Set the rates of the next epoch; call it after `optimizer.step()`.

        Args:
            epoch: None (None), or a number from 0 up, which may be a fraction: with
                step(epoch + batch / batches) the rate falls batch by batch.

        Raises: `ValueError` for a number below 0.
        """
        if epoch is not None and epoch < 0:
            raise ValueError(
                f"Expected non-negative epoch, but got {epoch}: count epochs from 0"
            )
        self._count_step()
        self._update_lr(epoch)

    def _update_lr(self, epoch=None):
        if epoch is None and self.last_epoch >= 0:
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
            super()._update_lr()
        else:
            self.T_cur, self.T_i = self._place_of(epoch or 0)
            super()._update_lr(math.floor(epoch or 0))

    def _place_of(self, epoch):
        """Epochs since the last restart, and those of the descent that it began."""
        if self.T_mult == 1:
            return epoch % self.T_0, self.T_0
        length = self.T_0
        while epoch >= length:
            epoch, length = epoch - length, length * self.T_mult
        return epoch, length
