"""Schedulers that fall in steps: StepLR and MultiStepLR."""

from bisect import bisect_right
from collections import Counter

from helpers.optim.lr_scheduler.chainable import ChainableScheduler
from helpers.optim.lr_scheduler.checks import check_gamma, check_whole


class StepLR(ChainableScheduler):
    """The rate times gamma, every step_size epochs.

    Args:
        optimizer: ours or torch's.
        step_size: whole number from 1 up, epochs between two steps.
        gamma: number from 0 up (0.1), the factor of a step.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.StepLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> scheduler, rates = StepLR(optimizer, step_size=2, gamma=0.5), []
    >>> for _ in range(5):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [0.5, 0.5, 0.25, 0.25, 0.125]
    """

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        check_whole("step_size", step_size, 1, "30, say")
        check_gamma(gamma)
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """gamma at each multiple of step_size, else 1."""
        at_step = self.last_epoch != 0 and self.last_epoch % self.step_size == 0
        return self.gamma if at_step else 1

    def total_factor(self):
        """gamma to the number of steps so far."""
        return self.gamma ** (self.last_epoch // self.step_size)


class MultiStepLR(ChainableScheduler):
    """The rate times gamma, at given epochs.

    Args:
        optimizer: ours or torch's.
        milestones: an iterable of whole numbers from 0 up, the epochs of the steps; one
            that is there twice counts twice.
        gamma: number from 0 up (0.1), the factor of a step.
        last_epoch: int (-1), the last epoch that was trained; -1 begins.

    Raises: `ValueError` or `TypeError` for numbers that make no sense.

    Source: `torch.optim.lr_scheduler.MultiStepLR`. Chapter 09 builds it.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    >>> MultiStepLR(optimizer, [1, 3], gamma=0.5, last_epoch=-1).get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        if not hasattr(milestones, "__iter__"):
            raise TypeError(
                f"milestones = {milestones!r} of type {type(milestones).__name__} is "
                "no list of epochs: set milestones=[30, 80], say"
            )
        self.milestones = Counter(milestones)
        for each in self.milestones:
            check_whole("milestones", each, 0, "[30, 80], say")
        check_gamma(gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def step_factor(self):
        """gamma at each milestone, else 1."""
        if self.last_epoch not in self.milestones:
            return 1
        return self.gamma ** self.milestones[self.last_epoch]

    def total_factor(self):
        """gamma to the number of milestones so far."""
        passed = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return self.gamma**passed
