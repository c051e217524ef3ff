"""A rate that falls when the loss no longer does: ReduceLROnPlateau."""

import math

import torch

from helpers.optim.base.options import check_finite, check_number
from helpers.optim.lr_scheduler import order
from helpers.optim.lr_scheduler.checks import (
    check_choice,
    check_optimizer,
    check_whole,
)
from helpers.optim.lr_scheduler.rates import put, unshare, values_of
from helpers.optim.lr_scheduler.scheduler import EPOCH_DEPRECATED, LRScheduler


class ReduceLROnPlateau(LRScheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
    """The rate times a factor, when a metric has not improved for some epochs.

    Args:
        optimizer: ours or torch's.
        mode: "min" (the default) if a lower metric is better, or "max".
        factor: number from 0 up to, but not including, 1 (0.1).
        patience: whole number from 0 up (10), how many bad epochs in a row are let
            pass: the next one lowers the rate.
        threshold: number from 0 up (1e-4), how much better is an improvement.
        threshold_mode: "rel" (the default), a part of the best so far, or "abs".
        cooldown: whole number from 0 up (0), epochs after a fall that don't count.
        min_lr: number (0), the lowest rate; or a list with one for each group.
        eps: number from 0 up (1e-8); a fall that is no larger is left out.

    Attributes: `best`, the best metric so far; `num_bad_epochs`, those since;
    `cooldown_counter`, what is left of the cooldown.

    Raises: `ValueError` or `TypeError` for what makes no sense.

    Source: `torch.optim.lr_scheduler.ReduceLROnPlateau`, of which it is a subclass, so
    that trainers hand it a metric. Chapter 09 builds it.

    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    >>> scheduler, rates = ReduceLROnPlateau(optimizer, factor=0.5, patience=1), []
    >>> for loss in [3.0, 2.0, 2.0, 2.0, 1.0]:
    ...     optimizer.step(); scheduler.step(loss)
    ...     rates += scheduler.get_last_lr()
    >>> rates
    [1.0, 1.0, 1.0, 0.5, 0.5]
    """

    def __init__(self, optimizer, mode="min", factor=0.1, patience=10, threshold=1e-4,
                 threshold_mode="rel", cooldown=0, min_lr=0, eps=1e-8):  # fmt: skip
        check_optimizer(optimizer)
        check_factor(factor)
        check_whole("patience", patience, 0, "10, say")
        check_whole("cooldown", cooldown, 0, "0, or leave it out")
        check_number("eps", eps)
        self.optimizer = optimizer
        self.factor = factor
        self._set_lowest(min_lr)
        self.patience = patience
        self.cooldown = cooldown
        self.eps = eps
        self.last_epoch = 0
        self._last_lr = values_of(optimizer, "lr")
        self._init_is_better(mode, threshold, threshold_mode)
        self._reset()

    def _set_lowest(self, min_lr):
        """Note the lowest rate of each group."""
        groups, is_list = (
            len(self.optimizer.param_groups),
            isinstance(min_lr, (list, tuple)),
        )
        if is_list and len(min_lr) != groups:
            raise ValueError(
                f"expected {groups} min_lrs, got {len(min_lr)}: pass one for each "
                "parameter group, or one number for all"
            )
        self.default_min_lr = None if is_list else min_lr
        self.min_lrs = list(min_lr) if is_list else [min_lr] * groups
        for each in self.min_lrs:
            check_finite("min_lr", each)

    def _init_is_better(self, mode, threshold, threshold_mode):
        """Note what better means, and the metric that all others are better than."""
        check_choice("mode", mode, ("min", "max"))
        check_choice("threshold_mode", threshold_mode, ("rel", "abs"))
        check_number("threshold", threshold)
        self.mode_worse = math.inf if mode == "min" else -math.inf
        self.mode = mode
        self.threshold = threshold
        self.threshold_mode = threshold_mode

    def _reset(self):
        """Forget all metrics so far."""
        self.best = self.mode_worse
        self.cooldown_counter = 0
        self.num_bad_epochs = 0

    def step(self, metrics, epoch=None):
        """Look at the metric of an epoch; lower the rates if it has stopped improving.

        Args:
            metrics: number, or a tensor with one, such as the validation loss.
            epoch: None (None), or the number of the epoch, which is deprecated.
        """
        current = float(metrics)
        if epoch is not None:
            order.warn(EPOCH_DEPRECATED)
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        self._count(current)
        if self.num_bad_epochs > self.patience:
            self._reduce_lr(self.last_epoch)
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = values_of(self.optimizer, "lr")

    def _count(self, current):
        """Count the bad epochs in a row; none of the cooldown is one."""
        if self._is_better(current, self.best):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0

    @property
    def in_cooldown(self) -> bool:
        """Whether the rate has fallen a short while ago."""
        return self.cooldown_counter > 0

    def _is_better(self, a, best) -> bool:
        """Whether a metric is better than the best by more than the threshold."""
        sign = -1.0 if self.mode == "min" else 1.0
        if self.threshold_mode == "rel":
            mark = best * (1.0 + sign * self.threshold)
        else:
            mark = best + sign * self.threshold
        return a < mark if self.mode == "min" else a > mark

    def _reduce_lr(self, epoch):
        """Multiply the rates by the factor, down to the lowest."""
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):
            self._follow_groups(len(groups))
        unshare(self.optimizer, "lr")
        for group, lowest in zip(groups, self.min_lrs, strict=True):
            old = float(group["lr"])
            new = max(old * self.factor, lowest)
            if old - new > self.eps:
                put(group, "lr", new)

    def _follow_groups(self, groups):
        """Have a lowest rate for groups that were added since."""
        if self.default_min_lr is None:
            raise RuntimeError(
                f"The number of param groups in the `optimizer` ({groups}) differs "
                "from when `ReduceLROnPlateau` was initialized "
                f"({len(self.min_lrs)}): set "
                "scheduler.min_lrs to a list with one rate for each group"
            )
        self.min_lrs = [self.default_min_lr] * groups

    def _load(self, state_dict):
        names = "mode", "threshold", "threshold_mode"
        self._init_is_better(*[state_dict.get(n, getattr(self, n)) for n in names])
        super()._load(state_dict)


def check_factor(factor):
    """Raise `TypeError` or `ValueError` unless it is from 0 up, below 1."""
    check_finite("factor", factor)
    if not 0 <= factor < 1:
        raise ValueError(
            f"Factor should be < 1.0, and from 0 up; given is factor={factor}: set "
            "factor=0.1, say"
        )
